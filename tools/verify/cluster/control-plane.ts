import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { folder } from '../../stack/places.ts';
import { run, Server } from '../../stack/processes.ts';
import { Stop } from '../../stack/screen.ts';
import { certificates } from '../certificates.ts';
import { program } from './programs.ts';

const PORT = 16_443;
const TOKENS = { admin: 'of-the-administrator', node: 'of-the-node' } as const;
/** Addresses of services. */
const SERVICES = '10.96.0.0/16';
export const PODS = '10.244.0.0/16';

/** Addresses of this machine: pods reach the api server under the first. */
export function ownAddress(): string {
  const found = Object.entries(networkInterfaces())
    .filter(([name]) => !/^(lo|docker|br-|veth|scani)/.test(name))
    .flatMap(([, all]) => all ?? [])
    .find((one) => one.family === 'IPv4' && !one.internal);
  if (!found) throw new Stop('This machine has no address besides 127.0.0.1.');
  return found.address;
}

/** etcd, the api server, the controllers and the scheduler, as processes of this machine. */
export class ControlPlane {
  readonly home: string;
  private readonly servers: Server[] = [];

  constructor(home: string) {
    this.home = home;
  }

  kubeconfig(who: keyof typeof TOKENS): string {
    return join(this.home, `${who}.kubeconfig`);
  }

  /** Runs a server of the cluster; it is stopped with the others, the last one first. */
  serve(name: string, command: string, args: string[]): Server {
    const server = new Server({ name, command, args, cwd: this.home, logFile: join(this.home, 'logs', `${name}.log`) });
    this.servers.push(server);
    return server;
  }

  async start(): Promise<void> {
    const address = ownAddress();
    const made = await certificates(this.home, 'cluster', ['kubernetes.default.svc'], ['10.96.0.1', address]);
    const accounts = join(this.home, 'accounts.key');
    await run('openssl', ['genrsa', '-out', accounts, '2048']);
    const tokens = join(this.home, 'tokens.csv');
    writeFileSync(
      tokens,
      `${TOKENS.admin},admin,admin,"system:masters"\n${TOKENS.node},system:node:node1,node1,"system:nodes"\n`,
    );
    for (const [who, token] of Object.entries(TOKENS)) {
      const cluster = { server: `https://127.0.0.1:${PORT}`, 'certificate-authority': made.ca };
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'verify', cluster }],
        users: [{ name: who, user: { token } }],
        contexts: [{ name: 'verify', context: { cluster: 'verify', user: who } }],
        'current-context': 'verify',
      };
      writeFileSync(this.kubeconfig(who as keyof typeof TOKENS), JSON.stringify(config));
    }
    const etcd = 'http://127.0.0.1:12379';
    const peer = 'http://127.0.0.1:12380';
    this.serve('etcd', program('etcd'), [
      `--data-dir=${folder(this.home, 'etcd')}`,
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--unsafe-no-fsync',
    ]);
    const api = this.serve('kube-apiserver', program('kube-apiserver'), [
      `--etcd-servers=${etcd}`,
      `--secure-port=${PORT}`,
      `--advertise-address=${address}`,
      `--tls-cert-file=${made.cert}`,
      `--tls-private-key-file=${made.key}`,
      `--token-auth-file=${tokens}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      `--service-account-key-file=${accounts}`,
      `--service-account-signing-key-file=${accounts}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-cluster-ip-range=${SERVICES}`,
      '--kubelet-preferred-address-types=InternalIP',
    ]);
    const kubectl = (...args: string[]) =>
      run(program('kubectl'), [`--kubeconfig=${this.kubeconfig('admin')}`, ...args]);
    await api.ready(async () => (await kubectl('get', '--raw', '/readyz')).code === 0, 60_000);
    const common = [`--kubeconfig=${this.kubeconfig('admin')}`, '--leader-elect=false', '--secure-port=0'];
    this.serve('kube-controller-manager', program('kube-controller-manager'), [
      ...common,
      `--service-account-private-key-file=${accounts}`,
      `--root-ca-file=${made.ca}`,
      '--allocate-node-cidrs',
      `--cluster-cidr=${PODS}`,
      '--use-service-account-credentials',
    ]);
    this.serve('kube-scheduler', program('kube-scheduler'), common);
  }

  async stop(): Promise<void> {
    for (const server of this.servers.splice(0).toReversed()) await server.stop();
  }
}
