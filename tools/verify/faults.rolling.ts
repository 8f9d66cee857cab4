import { Agent, request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { seconds } from '../stack/screen.ts';
import type { Row } from './faults.ts';
import type { FaultyWorld } from './faults.world.ts';
import type { Running } from './product.ts';

const PER_SECOND = 50;
const CONNECTIONS = 10;
/** Endpoints are removed before the signal comes: that is what preStop is for. */
const PRE_STOP_MS = 1_000;

/** Connections are shared out as kube-proxy does it: each keeps its process until one of both ends it. */
export async function service(): Promise<{ port: number; members: Set<number>; close(): void }> {
  const members = new Set<number>();
  let turn = 0;
  const server = createServer((near) => {
    const ports = [...members];
    const far = connect(ports[(turn += 1) % ports.length] ?? 0, '127.0.0.1');
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.resetAndDestroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, members, close: () => server.close() };
}

/** C41: both processes of an api are replaced, one after the other, while 50 requests a second come in. */
export async function rolling(world: FaultyWorld, isChosen: (name: string) => boolean): Promise<Row[]> {
  if (!isChosen('rolling')) return [];
  const front = await service();
  const portOf = (one: Running): number => Number(new URL(one.url).port);
  const old = [world.api, await world.product.start('api', world.env)];
  for (const one of old) front.members.add(portOf(one));
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const failed: string[] = [];
  let sent = 0;
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      sent += 1;
      const path = sent % 2 === 0 ? '/api/version' : '/api/portfolio/summary';
      const wanted = sent % 2 === 0 ? 200 : 401;
      request({ agent, port: front.port, host: '127.0.0.1', path }, (answer) => {
        answer.resume().on('end', resolve);
        if (answer.statusCode !== wanted) failed.push(`${path} ${answer.statusCode}`);
      })
        .on('error', (error: NodeJS.ErrnoException) => {
          failed.push(`${path} ${error.code ?? error.message}`);
          resolve();
        })
        .end();
    });
  const asked: Promise<void>[] = [];
  const timer = setInterval(() => asked.push(ask()), 1_000 / PER_SECOND);
  await pause(2_000);
  const codes: (number | null)[] = [];
  const took: number[] = [];
  for (const one of old) {
    const fresh = await world.product.start('api', world.env);
    front.members.add(portOf(fresh));
    front.members.delete(portOf(one));
    await pause(PRE_STOP_MS);
    const started = performance.now();
    codes.push(await one.server.end());
    took.push(performance.now() - started);
    world.api = fresh;
  }
  await pause(2_000);
  clearInterval(timer);
  await Promise.all(asked);
  agent.destroy();
  front.close();
  return [
    {
      part: 'api',
      fault: 'rolling restart',
      promised: `no failed request of ${PER_SECOND} a second on kept connections, exit code 0`,
      seen: `${sent} requests, ${failed.length} failed ${[...new Set(failed)].slice(0, 3).join(', ')}; exit codes ${codes.join(', ')} after ${took.map((ms) => seconds(ms)).join(', ')}`,
      ok: failed.length === 0 && codes.every((code) => code === 0),
    },
  ];
}
