/* eslint-disable @nx/enforce-module-boundaries -- processes and what is played locally are started in one way everywhere */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort, Processes } from '../../api/test/processes.js';
import { DEMO_WALLETS } from '../../../tools/outside-world/chain.ts';
import { type Collector, startCollector } from '../../../tools/outside-world/otlp.ts';
import { type Fault, type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';

const OWN_KEY = 'key-of-this-house-0123456789';
const SERVICES = ['esplora', 'etherscan', 'helius', 'tron', 'ton', 'ethereum-rpc'] as const;
const WALLETS = [
  { chain: 'bitcoin', address: DEMO_WALLETS.bitcoin },
  { chain: 'ethereum', address: DEMO_WALLETS.evm },
  { chain: 'solana', address: DEMO_WALLETS.solana },
  { chain: 'tron', address: DEMO_WALLETS.tron },
  { chain: 'ton', address: DEMO_WALLETS.ton },
];
const TROUBLE: readonly Omit<Fault, 'service'>[] = [
  { kind: 'reset' },
  { kind: 'malformed' },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 429, retryAfterSeconds: 40 },
];

let world: OutsideWorld;
let collector: Collector;
let processes: Processes;
let metrics: string;

beforeAll(async () => {
  [world, collector] = await Promise.all([startOutsideWorld(), startCollector()]);
  const metricsPort = await freePort();
  metrics = `http://127.0.0.1:${metricsPort}/metrics`;
  processes = new Processes({
    ...world.urls,
    DATA_PROVIDER_API_KEY: OWN_KEY,
    LOG_ID_PEPPER: 'a-pepper-for-the-tests',
    LOG_LEVEL: 'trace',
    METRICS_PORT: String(metricsPort),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'always_on',
  });
  processes.build('apps/data-provider');
}, 120_000);
afterEach(() => world.heal());
afterAll(async () => {
  await processes.stop();
  await Promise.all([world.close(), collector.close()]);
});

/** All questions there are, to a process that knows nothing yet. */
async function askAll(): Promise<{ answers: string[]; metrics: string }> {
  const provider = await processes.start('data-provider', {});
  const ask = async (path: string, body: unknown): Promise<string> => {
    const headers = { authorization: `Bearer ${OWN_KEY}`, 'content-type': 'application/json' };
    const answer = await fetch(provider + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
  };
  const answers: string[] = [];
  for (const wallet of WALLETS) {
    answers.push(await ask('/v1/chains/balances', wallet), await ask('/v1/chains/movements', wallet));
  }
  answers.push(await ask('/v1/chains/names', { name: 'vitalik.eth' }));
  answers.push(await ask('/v1/chains/balances/batch', { wallets: WALLETS }));
  const text = await (await fetch(metrics)).text();
  await processes.stop();
  return { answers, metrics: text };
}

const statuses = (answers: readonly string[]): string => answers.map((each) => each.slice(0, 3)).join(' ');

/** Keys of the world, however they are handed over. */
const keys = (): string[] =>
  Object.entries(world.urls).flatMap(([name, value]) =>
    name.endsWith('_API_KEY') ? [value] : name === 'ETHEREUM_RPC_URL' ? [value, new URL(value).pathname] : [],
  );

test('whatever goes wrong outside, no key stands in an answer, a log line, a metric or a span', async () => {
  const told: string[] = [];
  const healthy = await askAll();
  expect(statuses(healthy.answers)).toBe(Array(12).fill('200').join(' '));
  told.push(...healthy.answers, healthy.metrics);
  for (const fault of TROUBLE) {
    for (const service of SERVICES) world.fail({ service, ...fault });
    const round = await askAll();
    expect([fault, statuses(round.answers)]).toEqual([fault, `${Array(11).fill('503').join(' ')} 200`]);
    told.push(...round.answers, round.metrics);
    world.heal();
  }
  expect(healthy.metrics).toContain('scani_provider_request_duration_seconds_count{provider="etherscan",status="200"');
  expect(healthy.metrics).toContain('scani_provider_keyed{provider="helius"} 1');
  while (!collector.spans.some(({ kind }) => kind === 'client')) await pause(50);
  expect(keys().length).toBeGreaterThan(6);
  const asked = SERVICES.flatMap((service) => world.requests(service));
  expect(asked.some((each) => each.includes('apikey=paid-key-of-the-outside-world'))).toBe(true);
  const said = processes.said['data-provider'] ?? '';
  expect(said).toContain('/v1/chains/movements');
  const spans = Buffer.concat(collector.received).toString('latin1');
  const places = Object.entries({ told: told.join('\n'), said, spans });
  const found = places.flatMap(([place, text]) => keys().flatMap((key) => (text.includes(key) ? [[place, key]] : [])));
  expect(found).toEqual([]);
  // Who looks at which address is nobody's business in logs, metrics and traces either.
  const quiet = [said, spans, healthy.metrics].join('\n');
  expect(WALLETS.filter(({ address }) => quiet.includes(address))).toEqual([]);
}, 180_000);
