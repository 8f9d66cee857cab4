import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The processes as they are deployed, and all that they say. */
export class Processes {
  readonly said: Record<string, string> = {};
  private readonly running: ChildProcess[] = [];

  constructor(readonly settings: Record<string, string>) {}

  build(...apps: string[]): void {
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-b', ...apps], { cwd: root, stdio: 'inherit' });
  }

  /** Returns its address once it answers. */
  async start(app: 'api' | 'worker' | 'data-provider', settings: Record<string, string>): Promise<string> {
    const port = await freePort();
    const child = spawn(process.execPath, [`apps/${app}/dist/main.js`], {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: String(port),
        METRICS_PORT: '0',
        ...this.settings,
        ...settings,
      },
    });
    this.running.push(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => (this.said[app] = `${this.said[app] ?? ''}${String(data)}`));
    }
    const url = `http://127.0.0.1:${port}`;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${app} ended with ${child.exitCode}: ${this.said[app]}`);
      const alive = fetch(`${url}/livez`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (await alive) return url;
      await pause(50);
    }
  }

  /** As a machine that loses its power would. */
  kill(): void {
    for (const child of this.running.splice(0)) child.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.running.splice(0).map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'close');
        child.kill('SIGTERM');
        await gone;
      }),
    );
  }
}

const FIRST_PORT = 10_000;
const PORTS_OF_A_WORKER = 500;
const WORKERS = 16;
let used = 0;

/**
 * Below those that the system hands out by itself, and each worker of the tests has its own: else a server of another test could
 * take the port before the process does, and answer in its place.
 */
export async function freePort(): Promise<number> {
  const first = FIRST_PORT + (Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS) * PORTS_OF_A_WORKER;
  for (let tried = 0; tried < PORTS_OF_A_WORKER; tried += 1) {
    const port = first + (used++ % PORTS_OF_A_WORKER);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${first} on is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
