/**
 * Writes charts/scani/tests/schemas: what a strict Kubernetes and the operators beside it accept, cut down to the kinds
 * that the chart and its examples have, so that tests need no network. The schemas come out of Go's module proxy:
 * `node tools/chart/kubernetes-schemas.ts` (needs Go; 300 MB of downloads the first time).
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { chart } from './table.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Node = { [key: string]: Json };

const KUBERNETES = ['v1.33.13', 'v1.36.3'];
const KINDS: Record<string, string[]> = {
  api__v1: ['ConfigMap', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  apis__apps__v1: ['Deployment'],
  apis__batch__v1: ['Job'],
  apis__autoscaling__v2: ['HorizontalPodAutoscaler'],
  apis__policy__v1: ['PodDisruptionBudget'],
  'apis__networking.k8s.io__v1': ['Ingress', 'NetworkPolicy'],
};
const CUSTOM: { module: string; file: string; version: string }[] = [
  {
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    file: 'config/crds/bases/external-secrets.io_externalsecrets.yaml',
    version: 'v1',
  },
  {
    module: 'github.com/kedacore/keda/v2@v2.21.0',
    file: 'config/crd/bases/keda.sh_scaledobjects.yaml',
    version: 'v1alpha1',
  },
  ...['podmonitors', 'prometheusrules', 'servicemonitors'].map((plural) => ({
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    file: `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
    version: 'v1',
  })),
  {
    module: 'sigs.k8s.io/gateway-api@v1.4.1',
    file: 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml',
    version: 'v1',
  },
  {
    module: 'sigs.k8s.io/gateway-api@v1.4.1',
    file: 'config/crd/standard/gateway.networking.k8s.io_gateways.yaml',
    version: 'v1',
  },
  { module: 'github.com/argoproj/argo-cd/v3@v3.2.1', file: 'manifests/crds/application-crd.yaml', version: 'v1alpha1' },
  {
    module: 'github.com/fluxcd/source-controller@v1.8.5',
    file: 'config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml',
    version: 'v1',
  },
];

/** This module has Go types alone; its definition is generated from them. */
const FLUX = { module: 'github.com/fluxcd/helm-controller/api@v1.6.4', package: './v2', version: 'v2' };
const CONTROLLER_GEN = 'sigs.k8s.io/controller-tools/cmd/controller-gen@v0.18.0';

const SAID = new Set(['description', 'default', 'format', 'example', 'title']);

/** What the api server would prune or refuse as unknown is refused here; words about it are left out. */
function strict(node: Json): Json {
  if (Array.isArray(node)) return node.map(strict);
  if (node === null || typeof node !== 'object') return node;
  const properties = node['properties'] as Node | undefined;
  const kept: Node = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties') continue;
    if (key.startsWith('x-kubernetes-') || (SAID.has(key) && typeof value !== 'object') || key === 'default') continue;
    // Go's way to say that case does not matter is not JavaScript's.
    if (key === 'pattern' && typeof value === 'string' && value.includes('(?i)')) continue;
    kept[key] = strict(value);
  }
  if (node['x-kubernetes-int-or-string'] === true) {
    kept['type'] = ['integer', 'string'];
    delete kept['anyOf'];
  }
  if (properties) {
    kept['properties'] = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, strict(value)]));
    if (!('additionalProperties' in node) && node['x-kubernetes-preserve-unknown-fields'] !== true) {
      kept['additionalProperties'] = false;
    }
  }
  return kept;
}

function moduleFolder(module: string): string {
  return (
    JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', cwd: '/' })) as {
      Dir: string;
    }
  ).Dir;
}

const REF = '#/components/schemas/';

function refsOf(node: Json, found: Set<string>): void {
  if (Array.isArray(node)) for (const each of node) refsOf(each, found);
  else if (node !== null && typeof node === 'object') {
    if (typeof node['$ref'] === 'string') found.add(node['$ref'].slice(REF.length));
    for (const each of Object.values(node)) refsOf(each, found);
  }
}

function kubernetes(version: string): Node {
  const folder = join(moduleFolder(`k8s.io/kubernetes@${version}`), 'api', 'openapi-spec', 'v3');
  const kinds: Node = {};
  const definitions: Node = {};
  for (const [file, wanted] of Object.entries(KINDS)) {
    const document = JSON.parse(readFileSync(join(folder, `${file}_openapi.json`), 'utf8')) as {
      components: { schemas: Record<string, Node> };
    };
    const all = document.components.schemas;
    const take = (name: string): void => {
      if (name in definitions) return;
      definitions[name] = strict(all[name] ?? {});
      const further = new Set<string>();
      refsOf(all[name] ?? null, further);
      for (const one of further) take(one);
    };
    for (const [name, schema] of Object.entries(all)) {
      const [gvk] = (schema['x-kubernetes-group-version-kind'] ?? []) as {
        group: string;
        version: string;
        kind: string;
      }[];
      if (!gvk || !wanted.includes(gvk.kind)) continue;
      take(name);
      kinds[`${gvk.group ? `${gvk.group}/` : ''}${gvk.version} ${gvk.kind}`] = { $ref: `${REF}${name}` };
    }
  }
  return { kinds, components: { schemas: definitions } };
}

function fluxDefinition(): string {
  const work = mkdtempSync(join(tmpdir(), 'scani-flux-'));
  try {
    cpSync(moduleFolder(FLUX.module), work, { recursive: true });
    const args = ['run', CONTROLLER_GEN, 'crd', `paths=${FLUX.package}`, 'output:dir=crd'];
    execFileSync('sh', ['-c', 'chmod -R u+w .'], { cwd: work });
    execFileSync('go', args, { cwd: work });
    const [file = ''] = readdirSync(join(work, 'crd'));
    return readFileSync(join(work, 'crd', file), 'utf8');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function custom(): Node {
  const kinds: Node = {};
  const texts = CUSTOM.map(({ module, file, version }) => ({
    text: readFileSync(join(moduleFolder(module), file), 'utf8'),
    file,
    version,
  }));
  for (const { text, file, version } of [
    ...texts,
    { text: fluxDefinition(), file: FLUX.module, version: FLUX.version },
  ]) {
    const crd = parseAllDocuments(text)
      .map((document) => document.toJS() as Node)
      .find((document) => document?.['kind'] === 'CustomResourceDefinition') as unknown as {
      spec: { group: string; names: { kind: string }; versions: { name: string; schema: { openAPIV3Schema: Node } }[] };
    };
    const found = crd.spec.versions.find((one) => one.name === version);
    if (!found) throw new Error(`${file} has no version ${version}`);
    const schema = strict(found.schema.openAPIV3Schema) as Node;
    // The server knows what metadata is; the definition does not say it.
    (schema['properties'] as Node)['metadata'] = { type: 'object' };
    kinds[`${crd.spec.group}/${version} ${crd.spec.names.kind}`] = schema;
  }
  return { kinds };
}

const folder = join(chart, 'tests', 'schemas');
mkdirSync(folder, { recursive: true });
for (const version of KUBERNETES) {
  const short = version.split('.').slice(0, 2).join('.').slice(1);
  writeFileSync(join(folder, `kubernetes-${short}.json`), `${JSON.stringify(kubernetes(version))}\n`);
}
writeFileSync(join(folder, 'custom.json'), `${JSON.stringify(custom())}\n`);
