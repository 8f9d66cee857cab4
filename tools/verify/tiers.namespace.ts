import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import process from 'node:process';
import { isRoot, onPath, run } from '../stack/processes.ts';
import { Stop } from '../stack/screen.ts';

export interface Opened {
  /** The name of the door. */
  to: string;
  count: number;
}

/**
 * A network of its own for processes: one cable leads to this machine, and on it doors stand open that are counted by the
 * kernel. Whatever else is tried, any address, any port, names as well, is refused and counted too.
 */
export class Namespace {
  readonly name = `scani-${process.pid}`;
  /** This machine, as seen from inside. */
  readonly outside = `10.213.${process.pid % 250}.1`;
  readonly inside = `10.213.${process.pid % 250}.2`;
  readonly prefix = ['ip', 'netns', 'exec', this.name];
  private readonly doors = new Map<string, { port: number; server: Server | undefined }>();

  static why(): string | undefined {
    if (!isRoot) return 'it needs root';
    return ['ip', 'iptables'].every((one) => onPath(one))
      ? undefined
      : 'ip and iptables are needed (iproute2, iptables)';
  }

  async make(): Promise<void> {
    const near = `vs${process.pid}`;
    const far = `vc${process.pid}`;
    await must('ip', 'netns', 'add', this.name);
    await must('ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', this.name);
    await must('ip', 'addr', 'add', `${this.outside}/30`, 'dev', near);
    await must('ip', 'link', 'set', near, 'up');
    await this.inIt('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1');
    await this.inIt('ip', 'addr', 'add', `${this.inside}/30`, 'dev', far);
    await this.inIt('ip', 'link', 'set', 'lo', 'up');
    await this.inIt('ip', 'link', 'set', far, 'up');
    // Without a way to everywhere the kernel would refuse before anything is counted.
    await this.inIt('ip', 'route', 'add', 'default', 'via', this.outside);
    await this.rule('ESTABLISHED', '-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED', '-j', 'ACCEPT');
  }

  /** A door to a port of this machine, at the same number unless a server listens at the outside address itself. */
  async door(to: string, port: number, ownServer = false): Promise<number> {
    let at = port;
    let server: Server | undefined;
    if (!ownServer) {
      server = createServer((one) => {
        const other = connect(port, '127.0.0.1');
        one.pipe(other).pipe(one);
        one.on('error', () => other.destroy());
        other.on('error', () => one.destroy());
      });
      server.listen(0, this.outside);
      await once(server, 'listening');
      at = (server.address() as AddressInfo).port;
    }
    this.doors.set(to, { port: at, server });
    await this.rule(to, '-d', this.outside, '-p', 'tcp', '--dport', String(at), '-j', 'ACCEPT');
    return at;
  }

  /** From now on the doors are all there is. */
  async shut(): Promise<void> {
    await this.rule('loopback', '-o', 'lo', '-j', 'REJECT');
    await this.rule('anything else', '-j', 'REJECT');
  }

  /** Packets that began something, by door; `loopback` and `anything else` were refused. */
  async opened(): Promise<Opened[]> {
    const { output } = await run('ip', ['netns', 'exec', this.name, 'iptables', '-nvxL', 'OUTPUT']);
    return [...output.matchAll(/^\s*(\d+) .*\/\* (.+?) \*\//gm)]
      .map(([, count, to]) => ({ to: to ?? '', count: Number(count) }))
      .filter(({ to }) => to !== 'ESTABLISHED');
  }

  async inIt(...command: string[]): Promise<string> {
    return must(...this.prefix, ...command);
  }

  async end(): Promise<void> {
    for (const { server } of this.doors.values()) server?.close();
    await run('ip', ['netns', 'del', this.name]);
  }

  private async rule(name: string, ...rule: string[]): Promise<void> {
    await this.inIt('iptables', '-A', 'OUTPUT', ...rule, '-m', 'comment', '--comment', name);
  }
}

async function must(...command: string[]): Promise<string> {
  const [program = '', ...args] = command;
  const done = await run(program, args);
  if (done.code !== 0) throw new Stop(`${command.join(' ')} failed: ${done.output}`);
  return done.output;
}
