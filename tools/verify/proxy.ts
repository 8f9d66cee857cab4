import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/**
 * What the way to a part is like. `silent` takes everything and passes nothing on, in both directions, as a network does that
 * drops packets; `gone` refuses new connections and resets those that there are.
 */
export type Way = 'open' | 'slow' | 'silent' | 'gone';

const SLOW_MS = 150;

/** Stands between the product and one part of it. Its port stays the same while the part behind it comes and goes. */
export class Proxy {
  private way: Way = 'open';
  private server: Server | undefined;
  private readonly pairs = new Set<[Socket, Socket]>();
  /** Connections that lost something stay silent for good, and both ends still believe in them. */
  private readonly stale = new Set<Socket>();
  port = 0;

  private target: number;

  constructor(target: number) {
    this.target = target;
  }

  static async to(target: number): Promise<Proxy> {
    const proxy = new Proxy(target);
    await proxy.listen();
    return proxy;
  }

  get connections(): number {
    return this.pairs.size;
  }

  aim(target: number): void {
    this.target = target;
  }

  async set(way: Way): Promise<void> {
    const before = this.way;
    this.way = way;
    if (way === 'gone') {
      const closed = this.server && once(this.server, 'close');
      this.server?.close();
      for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy();
      await closed;
      this.server = undefined;
    } else if (before === 'gone') await this.listen();
  }

  async close(): Promise<void> {
    if (this.way !== 'gone') await this.set('gone');
  }

  private async listen(): Promise<void> {
    const server = createServer((near) => this.join(near));
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private join(near: Socket): void {
    const far = connect(this.target, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      this.stale.delete(near);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end).setNoDelay(true);
    this.pump(near, far, near);
    this.pump(far, near, near);
  }

  private pump(from: Socket, to: Socket, near: Socket): void {
    from.on('data', (bytes: Buffer) => {
      if (this.way === 'silent' || this.stale.has(near)) {
        this.stale.add(near);
        return;
      }
      if (this.way === 'slow') setTimeout(() => to.writable && to.write(bytes), SLOW_MS);
      else if (!to.write(bytes)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
  }
}
