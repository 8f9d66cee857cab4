import { rowOf } from '@scani/database';
import { ImportBench } from '@scani/imports/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { Decimal, decimal, decimalText } from '@scani/money';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROWS = 10_000;
const MINUTE_MS = 60_000;
const root = fileURLToPath(new URL('../../..', import.meta.url));

let bench: ImportBench;
const workers: ChildProcess[] = [];
const output: string[] = [];

beforeAll(async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', 'apps/worker'], { cwd: root, stdio: 'inherit' });
  bench = await ImportBench.start();
}, 5 * MINUTE_MS);

afterAll(async () => {
  await Promise.all(workers.map((worker) => kill(worker)));
  await bench.close();
});

/** The worker as it is deployed, on the database and the Redis of this test. */
function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, ['apps/worker/dist/main.js'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: bench.db.url,
      POSTGRES_POOL_MAX: '5',
      REDIS_URL: testRedisUrl(),
      SCANI_CLOUD_URL: 'http://127.0.0.1:9',
      SCANI_CLOUD_API_KEY: 'a-key-for-the-tests',
      ENCRYPTION_KEY: 'ab'.repeat(32),
      LOG_ID_PEPPER: 'a-pepper-for-the-tests',
      METRICS_PORT: '0',
      LOG_LEVEL: 'error',
    },
  });
  for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (data) => output.push(String(data)));
  workers.push(worker);
  return worker;
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
}

/** A card statement with many identical rows, and what it adds up to. */
function statement(): { text: string; total: Decimal } {
  const lines = ['Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance'];
  let balance = decimal('0');
  const start = Date.parse('2025-01-01T00:00:00Z');
  for (let index = 0; index < ROWS; index += 1) {
    // Every third row repeats the moment, the amount and the words of the one before.
    const moment = new Date(start + (index - (index % 3 === 2 ? 1 : 0)) * MINUTE_MS * 50);
    const at = moment.toISOString().slice(0, 19).replace('T', ' ');
    const amount = index % 3 === 0 ? new Decimal(10).plus(new Decimal(index).div(100)) : new Decimal('-3.33');
    balance = balance.plus(amount);
    lines.push(
      `CARD_PAYMENT,Current,${at},${at},Shop ${index % 7},${amount.toFixed(2)},0.00,EUR,COMPLETED,${balance.toFixed(2)}`,
    );
  }
  return { text: lines.join('\n'), total: balance };
}

test(
  'a worker that is killed in the middle of an import leaves nothing that the next one does not put right',
  async () => {
    const me = await bench.person();
    const account = await bench.account(me);
    const { text, total } = statement();
    const first = startWorker();
    const { id } = await bench.send(me, account, text);
    const read = await bench.settled(me, id);
    expect(read.counts, output.join('')).toMatchObject({ rows: ROWS, new: ROWS, problems: 0 });

    await bench.imports.confirm(me, id);
    const recorded = async (): Promise<number> => (await bench.imports.get(me, id)).counts.recorded;
    while ((await recorded()) < ROWS * 0.2) await pause(5);
    await kill(first);
    const left = await recorded();
    expect(left).toBeGreaterThanOrEqual(ROWS * 0.2);
    expect(left).toBeLessThanOrEqual(ROWS * 0.8);
    expect(await bench.imports.get(me, id)).toMatchObject({ state: 'recording' });

    startWorker();
    const ended = await bench.settled(me, id);
    expect(ended, output.join('')).toMatchObject({
      state: 'recorded',
      counts: { rows: ROWS, new: ROWS, known: 0, recorded: ROWS },
    });
    const ledger = await rowOf<{ rows: number; ids: number; total: string; openings: number }>(
      bench.db.source,
      `select count(*) filter (where kind <> 'opening-balance')::int as rows, count(distinct external_id)::int as ids,
         sum(quantity)::text as total, count(*) filter (where kind = 'opening-balance')::int as openings
       from transaction where user_id = $1`,
      [me],
    );
    expect(ledger).toEqual({ rows: ROWS, ids: ROWS, total: total.toFixed(2), openings: 0 });
    expect(await bench.balance(account)).toBe(decimalText(total));

    const again = await bench.send(me, account, text);
    expect((await bench.settled(me, again.id)).counts).toMatchObject({ rows: ROWS, new: 0, known: ROWS });
  },
  3 * MINUTE_MS,
);
