import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../../stack/places.ts';
import { run } from '../../stack/processes.ts';
import { ran } from '../containers/debian.ts';
import { docker } from '../containers/engine.ts';
import { type ControlPlane, ownAddress, PODS } from './control-plane.ts';
import { program, programs } from './programs.ts';

/** Paths of sockets and mounts must be short and on a real file system. */
const STATE = '/run/scani-verify';
const DATA = '/var/lib/scani-verify';
const SOCKET = `${STATE}/containerd.sock`;
const BRIDGE = 'scani0';
const DNS = '10.244.0.1';
export const PAUSE = 'scani-verify/pause:1';

const containers = (...args: string[]): string[] => ['--address', SOCKET, '--namespace', 'k8s.io', ...args];

/** containerd, kubelet, kube-proxy and CoreDNS: a real node of one machine. */
export class Node {
  private readonly plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.plane = plane;
  }

  async start(images: readonly string[]): Promise<void> {
    mkdirSync(STATE, { recursive: true });
    mkdirSync(DATA, { recursive: true });
    // Volumes that kubelet mounts must be seen in containers.
    await ran('mount', ['--make-rshared', '/']);
    await this.startContainerd();
    await this.import([PAUSE, ...images]);
    this.startKubelet();
    this.plane.serve('kube-proxy', program('kube-proxy'), [
      `--kubeconfig=${this.plane.kubeconfig('admin')}`,
      '--hostname-override=node1',
      '--proxy-mode=iptables',
      `--cluster-cidr=${PODS}`,
      '--conntrack-max-per-core=0',
    ]);
  }

  /** Hands images of the engine over to the node. */
  async import(images: readonly string[]): Promise<void> {
    const tar = join(this.plane.home, 'images.tar');
    await docker('save', '--output', tar, ...images);
    await ran('ctr', containers('images', 'import', tar));
    rmSync(tar);
  }

  private async startContainerd(): Promise<void> {
    const home = this.plane.home;
    const network = {
      cniVersion: '1.0.0',
      name: 'pods',
      plugins: [
        {
          type: 'bridge',
          bridge: BRIDGE,
          isGateway: true,
          ipMasq: true,
          hairpinMode: true,
          ipam: { type: 'host-local', ranges: [[{ subnet: '10.244.0.0/24' }]], routes: [{ dst: '0.0.0.0/0' }] },
        },
        { type: 'portmap', capabilities: { portMappings: true } },
      ],
    };
    writeFileSync(join(folder(home, 'cni'), '10-pods.conflist'), JSON.stringify(network));
    const cri = 'plugins."io.containerd.grpc.v1.cri"';
    writeFileSync(
      join(home, 'containerd.toml'),
      [
        'version = 2',
        `root = "${DATA}/containerd"`,
        `state = "${STATE}/containerd"`,
        `[grpc]\naddress = "${SOCKET}"`,
        `[${cri}]\nsandbox_image = "docker.io/${PAUSE}"`,
        // Machines in machines may not favour a process when memory ends.
        'restrict_oom_score_adj = true',
        `[${cri}.cni]\nbin_dir = "${programs}"\nconf_dir = "${home}/cni"`,
        `[${cri}.containerd.runtimes.runc]\nruntime_type = "io.containerd.runc.v2"`,
      ].join('\n'),
    );
    const server = this.plane.serve('containerd', 'containerd', ['--config', join(home, 'containerd.toml')]);
    await server.ready(async () => (await run('ctr', containers('version'))).code === 0, 20_000);
  }

  private startKubelet(): void {
    const config = {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      address: ownAddress(),
      authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
      authorization: { mode: 'AlwaysAllow' },
      clusterDNS: [DNS],
      clusterDomain: 'cluster.local',
      cgroupDriver: 'cgroupfs',
      failCgroupV1: false,
      failSwapOn: false,
      containerRuntimeEndpoint: `unix://${SOCKET}`,
      evictionHard: {},
      imageGCHighThresholdPercent: 100,
      localStorageCapacityIsolation: false,
    };
    writeFileSync(join(this.plane.home, 'kubelet.json'), JSON.stringify(config));
    this.plane.serve('kubelet', program('kubelet'), [
      `--config=${join(this.plane.home, 'kubelet.json')}`,
      `--kubeconfig=${this.plane.kubeconfig('node')}`,
      '--hostname-override=node1',
      `--node-ip=${ownAddress()}`,
      `--root-dir=${DATA}/kubelet`,
      `--cert-dir=${folder(this.plane.home, 'kubelet')}`,
    ]);
  }

  /** Names of services; the bridge that it listens on is there once the first pod is. */
  serveNames(): void {
    const file = join(this.plane.home, 'Corefile');
    const lines = [
      `bind ${DNS}`,
      'errors',
      `kubernetes cluster.local {\n kubeconfig ${this.plane.kubeconfig('admin')} verify\n}`,
    ];
    writeFileSync(file, `.:53 {\n${lines.join('\n')}\ncache 5\n}\n`);
    this.plane.serve('coredns', program('coredns'), ['-conf', file]);
  }

  /** Ends every container and leaves nothing mounted, routed or filtered; call it while containerd still runs. */
  async clear(): Promise<void> {
    const tasks = await run('ctr', containers('tasks', 'list', '--quiet'));
    for (const id of tasks.output.split('\n').filter(Boolean)) {
      await run('ctr', containers('tasks', 'kill', '--signal', 'SIGKILL', id));
    }
  }

  async forget(): Promise<void> {
    await run(program('kube-proxy'), ['--cleanup']);
    await run('ip', ['link', 'delete', BRIDGE]);
    const mounts = (await run('findmnt', ['--raw', '--noheadings', '--output', 'TARGET'])).output.split('\n');
    for (const path of mounts.toReversed()) {
      if (path.startsWith(DATA) || path.startsWith(STATE) || path.startsWith('/run/netns/cni-'))
        await run('umount', ['--lazy', path]);
    }
    for (const path of [DATA, STATE]) rmSync(path, { recursive: true, force: true });
  }
}
