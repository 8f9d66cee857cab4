import { Agent, get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Loaded } from './data.ts';
import { indexedRead } from './floors.ts';
import type { BenchStack } from './stack.ts';
import { type Line, seconds } from './table.ts';

const CONCURRENCY = [1, 16, 64] as const;
const SECONDS = 4;

const year = new Date().getUTCFullYear() - 1;
const ASKED: readonly (readonly [string, string])[] = [
  ['summary', '/api/portfolio/summary'],
  ['history, all', '/api/portfolio/history?scope=user&range=ALL'],
  ['holdings', '/api/holdings?limit=50'],
  ['performance, all', '/api/portfolio/performance?scope=user&range=ALL'],
  ['gains', `/api/portfolio/gains?year=${year}`],
];

/** Requests at several concurrencies, while the worker builds the same person's figures again and again. */
export async function requestsCase(stack: BenchStack, data: Loaded): Promise<Line[]> {
  const cookie = await stack.signIn(data.email);
  await stack.job('rebuild-rollup', data.userId, { userId: data.userId });
  const floor = await indexedRead(stack.pool, data.userId);
  const lines: Line[] = [];
  for (const isBusy of [false, true]) {
    const working = isBusy ? keepBuilding(stack, data) : null;
    for (const [name, path] of ASKED) {
      for (const clients of CONCURRENCY)
        lines.push(await measured(stack, { name, path, clients, cookie, isBusy, floor }));
    }
    await working?.stop();
  }
  return lines;
}

function keepBuilding(stack: BenchStack, { userId }: Loaded): { stop(): Promise<void> } {
  const over = new AbortController();
  const done = (async () => {
    while (!over.signal.aborted) {
      await stack.pool.query('update rollup_state set built_from = null where user_id = $1', [userId]);
      await stack.job('rebuild-rollup', userId, { userId });
    }
  })();
  return {
    stop: () => {
      over.abort();
      return done;
    },
  };
}

interface Asked {
  name: string;
  path: string;
  clients: number;
  cookie: string;
  isBusy: boolean;
  floor: number;
}

async function measured(stack: BenchStack, { name, path, clients, cookie, isBusy, floor }: Asked): Promise<Line> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  const one = async (): Promise<void> => {
    const begun = performance.now();
    await request(`${stack.api}${path}`, cookie, agent);
    times.push(performance.now() - begun);
  };
  await one();
  times.length = 0;
  const since = Date.now();
  const before = stack.usage('api');
  const until = performance.now() + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) await one();
    }),
  );
  const cpu = (stack.usage('api').cpuMs - before.cpuMs) / times.length;
  await pause(1_100);
  agent.destroy();
  const sorted = times.toSorted((first, second) => first - second);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const { max } = stack.loopDelay('api', since);
  return {
    work: `${name}, ${clients} at once${isBusy ? ', rollup running' : ''}`,
    figure: `p50 ${seconds(at(0.5))}, p99 ${seconds(at(0.99))}, ${Math.round(times.length / SECONDS)}/s, CPU ${seconds(cpu)}, loop ≤ ${seconds(max)}`,
    floor: `a read of all days ${seconds(floor)}`,
    ratio: at(0.5) / floor,
  };
}

function request(url: string, cookie: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { cookie } }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${url}: ${answer.statusCode}`)),
      );
    }).on('error', reject);
  });
}
