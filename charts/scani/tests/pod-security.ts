import type { Container, Pod } from './chart.js';

const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/**
 * What the Pod Security Standard "restricted" has against a pod
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and what this chart asks for beyond it.
 */
export function podSecurityProblems({ owner, spec }: Pod): string[] {
  const problems: string[] = [];
  const refuse = (bad: boolean, what: string): void => void (bad && problems.push(`${owner}: ${what}`));
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) refuse(spec[field] === true, field);
  for (const volume of spec.volumes) {
    const kinds = Object.keys(volume).filter((key) => key !== 'name');
    refuse(!kinds.every((kind) => VOLUMES.has(kind)), `volume ${volume.name} is a ${kinds.join()}`);
  }
  const own = spec.securityContext;
  refuse(own['runAsNonRoot'] !== true, 'may run as root');
  refuse(own['runAsUser'] === 0, 'runs as root');
  const seccomp = (own['seccompProfile'] as { type?: string } | undefined)?.type;
  refuse(seccomp !== 'RuntimeDefault' && seccomp !== 'Localhost', 'no seccomp profile');
  refuse(spec.automountServiceAccountToken !== false, 'mounts a token of the cluster');
  refuse(spec.enableServiceLinks !== false, 'is told of all Services');
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    problems.push(...containerProblems(owner, container));
  }
  return problems;
}

function containerProblems(owner: string, container: Container): string[] {
  const context = container.securityContext ?? {};
  const capabilities = context['capabilities'] as { drop?: string[]; add?: string[] } | undefined;
  const bad: [boolean, string][] = [
    [context['privileged'] === true, 'is privileged'],
    [context['allowPrivilegeEscalation'] !== false, 'may gain privileges'],
    [context['readOnlyRootFilesystem'] !== true, 'may write to its image'],
    [!capabilities?.drop?.includes('ALL'), 'keeps capabilities'],
    [(capabilities?.add ?? []).some((one) => one !== 'NET_BIND_SERVICE'), 'adds capabilities'],
    [context['runAsUser'] === 0, 'runs as root'],
    [(container.ports ?? []).some((port) => 'hostPort' in port), 'takes a port of the host'],
  ];
  return bad.flatMap(([is, what]) => (is ? [`${owner}, ${container.name}: ${what}`] : []));
}
