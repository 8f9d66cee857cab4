import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../../stack/places.ts';
import { onPath, run } from '../../stack/processes.ts';
import { Stop, type StepNotes } from '../../stack/screen.ts';

/** The control plane; and the last kubelet that takes both control groups v1 and the containerd of Debian stable. */
const CONTROL = '1.36.3';
const NODE = '1.34.4';

interface Build {
  module: string;
  version: string;
  /** A package and the name of its program. */
  programs: Record<string, string>;
  ldflags?: string;
}

const kubernetes = (version: string, ...names: string[]): Build => {
  const [major, minor] = version.split('.');
  const about = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
  return {
    module: 'k8s.io/kubernetes',
    version: `v${version}`,
    programs: Object.fromEntries(names.map((name) => [`k8s.io/kubernetes/cmd/${name}`, name])),
    ldflags: Object.entries(about)
      .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
      .join(' '),
  };
};
const plugins = 'github.com/containernetworking/plugins';
const BUILDS: Build[] = [
  kubernetes(CONTROL, 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'),
  kubernetes(NODE, 'kubelet', 'kube-proxy'),
  { module: 'go.etcd.io/etcd/server/v3', version: 'v3.6.5', programs: { 'go.etcd.io/etcd/server/v3': 'etcd' } },
  { module: 'github.com/coredns/coredns', version: 'v1.15.0', programs: { 'github.com/coredns/coredns': 'coredns' } },
  {
    module: plugins,
    version: 'v1.7.1',
    programs: {
      [`${plugins}/plugins/main/bridge`]: 'bridge',
      [`${plugins}/plugins/main/loopback`]: 'loopback',
      [`${plugins}/plugins/ipam/host-local`]: 'host-local',
      [`${plugins}/plugins/meta/portmap`]: 'portmap',
    },
  },
];

/** Where custom resources are described: folders of modules. */
const CRDS = [
  ['sigs.k8s.io/gateway-api', 'v1.4.1', 'config/crd/standard'],
  ['github.com/prometheus-operator/prometheus-operator', 'v0.85.0', 'example/prometheus-operator-crd'],
  ['github.com/kedacore/keda/v2', 'v2.21.0', 'config/crd/bases'],
  ['github.com/external-secrets/external-secrets', 'v1.3.2', 'config/crds/bases'],
] as const;

export const programs = join(cache, 'bin', `kubernetes-${CONTROL}`);
export const program = (name: string): string => join(programs, name);

/** A whole Kubernetes out of Go's module proxy: some ten minutes once. Returns its version. */
export async function buildKubernetes(notes: StepNotes): Promise<string> {
  mkdirSync(programs, { recursive: true });
  for (const build of BUILDS) {
    notes.progress(Object.values(build.programs).join(', '));
    if (!Object.values(build.programs).every((name) => existsSync(program(name)))) await make(build);
  }
  return `Kubernetes ${CONTROL}, kubelet ${NODE}`;
}

/** The folders with the descriptions of the custom resources that the chart can render. */
export async function customResources(): Promise<string[]> {
  const folders: string[] = [];
  for (const [module, version, folder] of CRDS) {
    folders.push(join((await download(module, version)).Dir, folder));
  }
  return folders;
}

async function go(args: string[], cwd: string): Promise<string> {
  const found = onPath('go');
  if (!found) throw new Stop('Go is needed to build a Kubernetes.');
  // Some programs are started by kubelet or containerd, where no library of the machine is promised.
  const done = await run('nice', [found, ...args], { cwd, env: { CGO_ENABLED: '0', GOFLAGS: '-trimpath' } });
  if (done.code !== 0) throw new Stop(`go ${args.slice(0, 2).join(' ')} failed:\n${done.output.slice(-1_500)}`);
  return done.output;
}

async function download(module: string, version: string): Promise<{ Dir: string; GoMod: string }> {
  const output = await go(['mod', 'download', '-json', `${module}@${version}`], programs);
  return JSON.parse(output.slice(output.indexOf('{'))) as { Dir: string; GoMod: string };
}

/** Programs whose modules have replacements cannot be installed by their path: a module of our own requires them. */
async function make({ module, version, programs: wanted, ldflags = '' }: Build): Promise<void> {
  const work = join(programs, `build-${module.replaceAll('/', '-')}-${version}`);
  mkdirSync(work, { recursive: true });
  const imports = Object.keys(wanted).map((path) => `import _ "${path}"`);
  writeFileSync(join(work, 'tools.go'), ['//go:build tools', '', 'package tools', '', ...imports, ''].join('\n'));
  if (!existsSync(join(work, 'go.mod'))) await go(['mod', 'init', 'scani.example/tools'], work);
  for (const replaced of await staging(module, version)) await go(['mod', 'edit', `-replace=${replaced}`], work);
  await go(['mod', 'edit', `-require=${module}@${version}`], work);
  await go(['mod', 'tidy'], work);
  for (const [path, name] of Object.entries(wanted)) {
    await go(['build', '-ldflags', `-s -w ${ldflags}`, '-o', program(name), path], work);
  }
}

/** Kubernetes keeps the modules that it is made of in its own repository and releases them as v0.<minor>.<patch>. */
async function staging(module: string, version: string): Promise<string[]> {
  if (module !== 'k8s.io/kubernetes') return [];
  const text = readFileSync((await download(module, version)).GoMod, 'utf8');
  const names = new Set(Array.from(text.matchAll(/(k8s\.io\/[\w-]+) => \.\/staging/g), ([, name]) => name));
  return [...names].map((name) => `${name}=${name}@${version.replace(/^v1/, 'v0')}`);
}
