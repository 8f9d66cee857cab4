import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { findHelm } from '../../../tools/stack/helm.ts';

export const chart = join(import.meta.dirname, '..');
const helm = findHelm();
/** Said to helm each time: what it takes by itself depends on how it was built. */
export const KUBERNETES = '1.36';

/** Tests that need helm. Without it they are skipped, and say so. */
export function describeChart(name: string, tests: () => void): void {
  if (helm) describe(name, tests);
  else describe.skip(`${name} (skipped: there is no helm here, and it is built where there is Go)`, tests);
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  command?: string[];
  env?: EnvVar[];
  envFrom?: unknown[];
  ports?: { name: string; containerPort: number }[];
  resources: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: Record<string, unknown>;
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  lifecycle?: { preStop?: { sleep?: { seconds: number } } };
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string; optional?: boolean } };
}

export interface Probe {
  httpGet: { path: string; port: string };
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
}

export interface PodSpec {
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  enableServiceLinks?: boolean;
  hostUsers?: boolean;
  restartPolicy?: string;
  terminationGracePeriodSeconds?: number;
  securityContext: Record<string, unknown>;
  containers: Container[];
  initContainers?: Container[];
  volumes: { name: string; [kind: string]: unknown }[];
  imagePullSecrets?: { name: string }[];
  topologySpreadConstraints?: Record<string, unknown>[];
  [other: string]: unknown;
}

export interface Pod {
  /** `Deployment rel-scani-api`. */
  owner: string;
  component: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: PodSpec;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: Record<string, unknown>;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

export interface Rendering {
  /** Files of ci/, without `-values.yaml`. */
  shape?: string | string[];
  /** `--set` or, where the value is not text, `--set-json`. */
  set?: Record<string, unknown>;
  release?: string;
  args?: string[];
}

function argumentsOf({ shape = [], set = {}, args = [] }: Rendering): string[] {
  const files = [shape].flat().flatMap((name) => ['-f', join(chart, 'ci', `${name}-values.yaml`)]);
  const sets = Object.entries(set).flatMap(([key, value]) => ['--set-json', `${key}=${JSON.stringify(value)}`]);
  return [...files, ...sets, ...args];
}

/** All shapes that the chart supports. */
export const shapes: string[] = readdirSync(join(chart, 'ci'))
  .filter((file) => file.endsWith('-values.yaml'))
  .map((file) => file.replace(/-values\.yaml$/, ''))
  .sort();

function templateArguments(rendering: Rendering): string[] {
  const where = [rendering.release ?? 'rel', chart, '-n', 'scani', '--kube-version', KUBERNETES];
  return ['template', ...where, ...argumentsOf(rendering)];
}

const texts = new Map<string, string>();

/** What `helm template` says; the same rendering is made once. */
export function manifest(rendering: Rendering): string {
  const args = templateArguments(rendering);
  const key = args.join('\u0000');
  const known = texts.get(key) ?? execFileSync(helm ?? 'helm', args, { encoding: 'utf8', maxBuffer: 64_000_000 });
  texts.set(key, known);
  return known;
}

export function objectsIn(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

const parsed = new Map<string, KubeObject[]>();

function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    for (const inner of Object.values(Object.freeze(value))) frozen(inner);
  }
  return value;
}

/** The objects of a rendering. They are shared among tests, so nobody can change them. */
export function render(rendering: Rendering): KubeObject[] {
  const text = manifest(rendering);
  const objects = parsed.get(text) ?? frozen(objectsIn(text));
  parsed.set(text, objects);
  return objects;
}

/** What helm says against a rendering; fails when it says nothing. */
export function refusal(rendering: Rendering): string {
  const args = templateArguments(rendering);
  const key = args.join('\u0000');
  const known = texts.get(key);
  if (known !== undefined) return known;
  const done = spawnSync(helm ?? 'helm', args, { encoding: 'utf8' });
  if (done.status === 0) throw new Error(`nothing was refused: helm ${args.join(' ')}`);
  texts.set(key, done.stderr);
  return done.stderr;
}

export function runHelm(...args: string[]): { code: number | null; output: string } {
  if (!helm) return { code: null, output: '' };
  const done = spawnSync(helm, args, { encoding: 'utf8' });
  return { code: done.status, output: `${done.stdout}${done.stderr}` };
}

/** NOTES.txt as an operator reads it. */
export function notes(rendering: Rendering): string {
  const { output } = runHelm('install', 'rel', chart, '-n', 'scani', '--dry-run=client', ...argumentsOf(rendering));
  return output.slice(output.indexOf('\nNOTES:'));
}

export const componentOf = (object: KubeObject): string => object.metadata.labels['app.kubernetes.io/component'] ?? '';
export const idOf = (object: KubeObject): string => `${object.kind} ${object.metadata.name}`;
export const isHook = (object: KubeObject): boolean => object.metadata.annotations?.['helm.sh/hook'] !== undefined;

export function only(objects: readonly KubeObject[], kind: string, component?: string): KubeObject {
  const found = objects.filter(
    (object) => object.kind === kind && (component === undefined || componentOf(object) === component),
  );
  if (found.length !== 1 || !found[0])
    throw new Error(`${found.length} objects are a ${kind} of ${component ?? 'any'}`);
  return found[0];
}

/** Every pod that these objects make: Deployments, Jobs, and the pods of `helm test`. */
export function podsOf(objects: readonly KubeObject[]): Pod[] {
  return objects.flatMap((object) => {
    const template = object.kind === 'Pod' ? object : (object.spec?.['template'] as Partial<KubeObject> | undefined);
    if (!template?.spec || !['Pod', 'Deployment', 'Job'].includes(object.kind)) return [];
    return [
      {
        owner: idOf(object),
        component: componentOf(object),
        labels: template.metadata?.labels ?? {},
        annotations: template.metadata?.annotations ?? {},
        spec: template.spec as unknown as PodSpec,
      },
    ];
  });
}

export function podOf(objects: readonly KubeObject[], component: string): Pod {
  const found = podsOf(objects).find((pod) => pod.component === component);
  if (!found) throw new Error(`no pod of ${component}`);
  return found;
}

export const envOf = (pod: Pod): EnvVar[] => pod.spec.containers.flatMap((container) => container.env ?? []);
export const envNames = (pod: Pod): string[] => envOf(pod).map((one) => one.name);
