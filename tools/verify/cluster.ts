import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { helmBuild } from '../stack/helm.ts';
import { isRoot } from '../stack/processes.ts';
import { say, step, Stop } from '../stack/screen.ts';
import { type Checks, verify } from './checks.ts';
import { ControlPlane } from './cluster/control-plane.ts';
import { dataServices } from './cluster/data.ts';
import { chart, Kube } from './cluster/kube.ts';
import { Node, PAUSE } from './cluster/node.ts';
import { buildKubernetes } from './cluster/programs.ts';
import { admission } from './cluster/admission.ts';
import { release } from './cluster/release.ts';
import { twoReleases } from './cluster/two-releases.ts';
import { baseImages } from './containers/bases.ts';
import { installed } from './containers/debian.ts';
import { docker, startEngine } from './containers/engine.ts';
import { BASES, build, version } from './images.ts';
import { pauseImage } from './cluster/pause.ts';

const DATA = { postgres: 'postgres:16-alpine', redis: 'redis:7-alpine' };
const TARGETS = ['api', 'worker', 'data-provider', 'migrate', 'console'] as const;
const NEXT = '0.9.0-next';

async function images(): Promise<string[]> {
  const own: string[] = [];
  for (const target of TARGETS) {
    await build(target);
    // The same programs under a second tag: an upgrade in everything but the code.
    await docker('tag', `scani/${target}:${version}`, `scani/${target}:${NEXT}`);
    own.push(`scani/${target}:${version}`, `scani/${target}:${NEXT}`);
  }
  await pauseImage();
  return [...own, ...Object.values(DATA)];
}

async function cluster(checks: Checks): Promise<void> {
  if (!isRoot) throw new Stop('A node needs root.');
  const helm = helmBuild();
  helm.begin();
  await step('an engine', async (notes) => notes.note(await startEngine()));
  await installed('containerd', ['containerd']);
  await step('a Kubernetes out of its sources', async (notes) => notes.note(await buildKubernetes(notes)));
  await step('base images', (notes) => baseImages([...BASES, ...Object.values(DATA)], notes));
  const all = await step('images', images);
  await helm.wait(AbortSignal.timeout(600_000));

  const plane = new ControlPlane(mkdtempSync('/var/tmp/scani-cluster-'));
  const node = new Node(plane);
  const kube = new Kube(plane.kubeconfig('admin'));
  try {
    await step('the control plane', () => plane.start());
    await step('a node', async () => {
      await node.start(all);
      await kube.until('the node is ready', 60_000, async () =>
        (await kube.kubectl('get', 'nodes')).includes(' Ready '),
      );
      await kube.apply(dataServices(DATA));
      await kube.kubectl('wait', '-n', 'data', '--for=condition=Ready', 'pod', '--all', '--timeout=60s');
      node.serveNames();
    });
    await checks.check('Kubernetes', async () => (await kube.kubectl('version')).split('\n').at(-1));
    await admission(checks, kube, readdirSync(join(chart, 'ci')));
    await release(checks, kube, { version, next: NEXT });
    await twoReleases(checks, kube, version);
  } finally {
    // kubelet itself takes the networks of its pods down.
    await kube.ask('delete', 'deployments,jobs', '--all', '--all-namespaces', '--timeout=60s');
    await kube.ask('delete', 'pods', '--all', '--all-namespaces', '--grace-period=1', '--timeout=60s');
    await node.clear();
    await plane.stop();
    await node.forget();
    rmSync(plane.home, { recursive: true, force: true });
    spawnSync('docker', ['rmi', '--force', PAUSE]);
  }
}

say('Builds a Kubernetes and the images, installs the chart for real, and does to it what operators do.\n');
await verify(cluster);
