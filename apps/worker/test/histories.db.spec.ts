import { rowOf, rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { JobQueue } from '@scani/jobs';
import { testRedisUrl } from '@scani/jobs/testing';
import { fillDailyPrices, fillExchangeRates } from '@scani/market';
import { randomUUIDv7 } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
// The processes as they are deployed are started in one way, wherever they are tested.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { Processes } from '../../api/test/processes.js';
// eslint-disable-next-line @nx/enforce-module-boundaries
import { type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';

const KEY = 'key-of-this-house-0123456789';
const SHARES = ['AAPL', 'MSFT', 'NVDA', 'GOOGL', 'AMZN', 'META', 'TSLA', 'JPM', 'KO', 'SPY'];
/** Five years; another day for each test, since the data-provider remembers what it was asked. */
let back = 1_825;

let db: TestDatabase;
let world: OutsideWorld;
let processes: Processes;
let dataProvider: string;
const seam: { server?: Server; url: string; paths: string[]; refuse: (path: string) => boolean } = {
  url: '',
  paths: [],
  refuse: () => false,
};

/** Between the worker and its data-provider: counts what crosses. */
async function startSeam(): Promise<void> {
  seam.server = createServer((request, response) => {
    const path = request.url ?? '';
    seam.paths.push(path);
    if (seam.refuse(path)) return void response.writeHead(404).end('no such route');
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
      const answer = await fetch(dataProvider + path, {
        method: request.method ?? 'GET',
        headers: { authorization, ...(chunks.length > 0 ? { 'content-type': type } : {}) },
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      for await (const chunk of answer.body ?? []) response.write(chunk);
      response.end();
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => seam.server?.listen(0, '127.0.0.1', resolve));
  seam.url = `http://127.0.0.1:${(seam.server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  world = await startOutsideWorld();
  processes = new Processes({ DATA_PROVIDER_API_KEY: KEY, LOG_ID_PEPPER: 'a-pepper-for-the-tests', LOG_LEVEL: 'warn' });
  processes.build('apps/worker', 'apps/data-provider');
  dataProvider = await processes.start('data-provider', { ...world.urls, YAHOO_PER_MINUTE: '100000' });
  await startSeam();
}, 120_000);
afterAll(async () => {
  await processes.stop();
  seam.server?.closeAllConnections();
  seam.server?.close();
  await world.close();
});

let worker: Processes;
beforeEach(async () => {
  db = await testDatabase();
  back += 1;
  await watchShares();
  worker = new Processes({
    DATABASE_URL: db.url,
    REDIS_URL: testRedisUrl(),
    SCANI_CLOUD_URL: seam.url,
    SCANI_CLOUD_API_KEY: KEY,
    ENCRYPTION_KEY: 'ab'.repeat(32),
    LOG_ID_PEPPER: 'a-pepper-for-the-tests',
    LOG_LEVEL: 'warn',
  });
  await worker.start('worker', {});
  seam.paths.length = 0;
});
afterEach(async () => {
  seam.refuse = () => false;
  world.heal();
  await worker.stop();
  await db.drop();
});

async function watchShares(): Promise<void> {
  // What they are quoted in would be asked for by itself.
  await db.source.query(
    `insert into price_watch (asset_id, wanted_from)
     select id, current_date - $1::int - 60 from asset where kind = 'fiat' and symbol = 'USD'`,
    [back],
  );
  for (const symbol of SHARES) {
    const id = randomUUIDv7();
    await db.source.query(
      `insert into asset (id, kind, symbol, name, decimals) values ($1::uuid, 'stock', $2::text, $2::text, 8)`,
      [id, symbol],
    );
    await db.source.query(`insert into asset_identity (asset_id, provider, external_id) values ($1, 'yahoo', $2)`, [
      id,
      symbol,
    ]);
    await db.source.query(`insert into price_watch (asset_id, wanted_from) values ($1, current_date - $2::int)`, [
      id,
      back,
    ]);
  }
}

const ask = (): Promise<string> => new JobQueue().ask(db.source, fillDailyPrices, {});
const stateOf = async (id: string): Promise<string> =>
  (await rowOf<{ state: string }>(db.source, 'select state from job where id = $1', [id]))?.state ?? '';
/** Until it is done, and so are the jobs that are its parts. */
const done = async (id: string): Promise<void> => {
  while ((await stateOf(id)) !== 'completed') await pause(50);
  for (;;) {
    const parts = await rowsOf<{ state: string }>(
      db.source,
      `select state from job join job_part on part_id = job.id where whole_id = $1`,
      [id],
    );
    if (parts.some(({ state }) => state === 'failed')) throw new Error('a part failed');
    if (parts.every(({ state }) => state === 'completed')) return;
    await pause(50);
  }
};
const closes = async (): Promise<{ symbol: string; closes: number; asked: boolean }[]> =>
  rowsOf(
    db.source,
    `select symbol, (select count(*)::int from price where asset_id = asset.id and granularity = 'daily') as closes,
       asked_from = wanted_from and asked_to = (now() at time zone 'utc')::date as asked
     from price_watch join asset on asset.id = asset_id where kind = 'stock' order by symbol`,
  );
const asked = (): string[] => seam.paths.filter((path) => path.startsWith('/v1/prices/histor'));

test('five years of all assets are one call, and the second night asks for a day of each', async () => {
  await done(await ask());
  expect(asked()).toEqual(['/v1/prices/histories']);
  const first = await closes();
  expect(first).toHaveLength(SHARES.length);
  for (const one of first) expect([one.symbol, one.closes > 1_240, one.asked]).toEqual([one.symbol, true, true]);
  await done(await ask());
  expect(asked()).toEqual(['/v1/prices/histories', '/v1/prices/histories']);
  expect(await closes()).toEqual(first);
});

test('what could not be asked for is a part of the night, and the night ends with it', async () => {
  world.fail({ service: 'yahoo', kind: 'status', status: 500, path: 'JPM', times: 2 });
  const id = await ask();
  await done(id);
  expect(asked()).toEqual(['/v1/prices/histories', ...Array<string>(6).fill('/v1/prices/history')]);
  expect((await closes()).every((one) => one.asked && one.closes > 1_240)).toBe(true);
});

test('a data-provider that knows no question of many is asked one by one', async () => {
  seam.refuse = (path) => path.endsWith('/histories');
  await done(await ask());
  expect(asked().length).toBe(1 + SHARES.length * 6);
  expect((await closes()).every((one) => one.asked && one.closes > 1_240)).toBe(true);
});

test('a worker that is killed in the middle has kept what was told, and the next one goes on', async () => {
  world.fail({ service: 'yahoo', kind: 'hang', path: 'SPY', times: 1 });
  const id = await ask();
  while ((await closes()).filter((one) => one.asked).length < SHARES.length - 1) await pause(20);
  worker.kill();
  await worker.start('worker', {});
  await done(id);
  expect((await closes()).every((one) => one.asked && one.closes > 1_240)).toBe(true);
});

test('currencies go the same way', async () => {
  await db.source.query(
    `insert into price_watch (asset_id, wanted_from)
     select id, current_date - 400 from asset where kind = 'fiat' and symbol in ('EUR', 'CHF', 'GBP')`,
  );
  const id = await new JobQueue().ask(db.source, fillExchangeRates, {});
  await done(id);
  expect(asked()).toEqual(['/v1/prices/histories']);
});
