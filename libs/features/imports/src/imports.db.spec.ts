import { rowOf } from '@scani/database';
import { Decimal, decimalText } from '@scani/money';
import { NotFound } from '@scani/runtime';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fixture } from './testing/fixture.js';
import { ImportBench } from './testing/import-bench.js';

let bench: ImportBench;
let me: string;
let account: string;

beforeEach(async () => {
  bench = await ImportBench.start();
  me = await bench.person();
  account = await bench.account(me);
});
afterEach(() => bench.close());

/** A statement of a bank without ids; `from` and `to` count its days. */
function statement(from: number, to: number): string {
  const lines = ['Datum;Text;Betrag;Saldo'];
  let cents = 100_00;
  for (let day = 1; day <= to; day += 1) {
    for (const amount of [-450, -450, 1000 + day]) {
      cents += amount;
      const money = (value: number): string => (value / 100).toFixed(2).replace('.', ',');
      if (day >= from) lines.push(`${String(day).padStart(2, '0')}.03.2026;Bäcker;${money(amount)};${money(cents)}`);
    }
  }
  return lines.join('\n');
}

test('from a Revolut export to the ledger: review first, then rows, fees and the balance that the statement shows', async () => {
  bench.work();
  const { id, state, format } = await bench.send(me, account, fixture('revolut.csv'));
  expect({ state, format }).toEqual({ state: 'waiting', format: null });
  const read = await bench.settled(me, id);
  expect(read).toMatchObject({
    state: 'to-review',
    format: 'revolut-csv',
    counts: { rows: 11, new: 8, known: 0, problems: 3, recorded: 0 },
    period: { from: '2026-03-01', to: '2026-03-08' },
    keepsOriginal: false,
  });
  expect(await bench.ledger(account)).toEqual([]);
  expect((await bench.rows(me, id, 'problem')).map(({ line }) => line)).toEqual([10, 11, 12]);

  await bench.imports.confirm(me, id);
  const recorded = await bench.settled(me, id);
  expect(recorded).toMatchObject({ state: 'recorded', counts: { new: 8, recorded: 8 }, error: null });
  expect(await bench.balance(account)).toBe('324.03');
  expect(await bench.balance(account, 'USD')).toBe('108.32');
  expect(await rowOf(bench.db.source, 'select content from upload')).toEqual({ content: null });
});

test('the same file again is known row by row and adds nothing; an overlapping one adds exactly the rest', async () => {
  bench.work();
  await bench.record(me, account, statement(1, 10));
  expect(await bench.ledger(account)).toHaveLength(30);
  const again = await bench.record(me, account, statement(1, 10));
  expect(again.counts).toMatchObject({ rows: 30, new: 0, known: 30, recorded: 0 });
  const more = await bench.record(me, account, statement(6, 15));
  expect(more.counts).toMatchObject({ rows: 30, new: 15, known: 15, recorded: 15 });
  expect(await bench.ledger(account)).toHaveLength(45);
  const expected = 100_00 + Array.from({ length: 15 }, (_, day) => 100 + day + 1).reduce((sum, one) => sum + one, 0);
  expect(await bench.balance(account)).toBe(decimalText(new Decimal(expected).div(100)));
});

test('a later part first and an earlier one after it give the same', async () => {
  bench.work();
  await bench.record(me, account, statement(6, 15));
  await bench.record(me, account, statement(1, 10));
  expect(await bench.ledger(account)).toHaveLength(45);
  expect(await bench.balance(account)).toBe('116.2');
});

/** Revolut's lines for random events; few moments, amounts and words, so that many are alike but for the balance. */
const exported = fc
  .array(fc.record({ minute: fc.integer({ min: 0, max: 4 }), cents: fc.constantFrom(-333, -333, 500) }), {
    minLength: 2,
    maxLength: 12,
  })
  .map((events) => {
    let cents = 100_000;
    return events
      .toSorted((one, other) => one.minute - other.minute)
      .map((event) => {
        cents += event.cents;
        const at = `2026-03-01 08:0${event.minute}:00`;
        const [amount, balance] = [event.cents, cents].map((value) => (value / 100).toFixed(2));
        return {
          cents: event.cents,
          line: `CARD_PAYMENT,Current,${at},${at},Shop,${amount},0.00,EUR,COMPLETED,${balance}`,
        };
      })
      .filter(({ line }, index, all) => all.findIndex((other) => other.line === line) === index);
  });

test('random slices of a statement, in any order and some twice, leave exactly the statement in the ledger', async () => {
  bench.work();
  const header = 'Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance';
  const slices = fc.array(fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 12 })), { maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(exported, slices, fc.boolean(), async (rows, extra, wholeFirst) => {
      const own = await bench.account(me);
      const middle = Math.ceil(rows.length / 2);
      const parts = [
        [0, middle],
        [middle, rows.length],
        ...extra.map(([one, other]) => [Math.min(one, other), Math.max(one, other)]),
      ];
      const files = parts.map(([from, to]) => rows.slice(from, to)).filter((part) => part.length > 0);
      for (const part of wholeFirst ? files : files.toReversed()) {
        const done = await bench.record(me, own, [header, ...part.map(({ line }) => line)].join('\n'));
        expect(done.state).toBe('recorded');
      }
      const expected = rows.map(({ cents }) => decimalText(new Decimal(cents).div(100)));
      expect((await bench.ledger(own)).sort()).toEqual(expected.sort());
    }),
    { numRuns: 6 },
  );
});

test('two overlapping imports of one account that are confirmed at once add each row once', async () => {
  bench.work();
  const mapped = async (content: string): Promise<string> => {
    const { id } = await bench.send(me, account, content);
    const { sample } = await bench.settled(me, id);
    if (sample) await bench.imports.map(me, id, sample.suggestion);
    expect((await bench.settled(me, id)).counts.known).toBe(0);
    return id;
  };
  const ids = await Promise.all([mapped(statement(1, 10)), mapped(statement(6, 15)), mapped(statement(1, 15))]);
  await Promise.all(ids.map((id) => bench.imports.confirm(me, id)));
  const ended = await Promise.all(ids.map((id) => bench.settled(me, id)));
  expect(ended.map(({ state }) => state)).toEqual(['recorded', 'recorded', 'recorded']);
  expect(ended.reduce((sum, { counts }) => sum + counts.recorded, 0)).toBe(45);
  for (const { counts } of ended) expect(counts.new + counts.known).toBe(counts.rows);
  expect(await bench.ledger(account)).toHaveLength(45);
});

test('a CSV of an unknown bank asks for its columns, shows a preview and can be mapped again', async () => {
  bench.work();
  const { id } = await bench.send(me, account, 'Date,Amount,Text\n01/02/2026,1.00,x\n03/04/2026,-2.50,y\n');
  const asked = await bench.settled(me, id);
  expect(asked).toMatchObject({ state: 'needs-mapping', format: 'csv', mapping: null });
  const suggestion = asked.sample?.suggestion;
  if (!suggestion) throw new Error('no suggestion');
  const preview = await bench.imports.preview(me, id, suggestion);
  expect(preview.rows.map((row) => row.occurredAt?.slice(0, 10))).toEqual(['2026-02-01', '2026-04-03']);
  expect(preview.problems).toMatchObject([{ line: 1, column: 'Date', detail: expect.stringContaining('MM/DD/YYYY') }]);
  await expect(bench.imports.preview(me, id, { ...suggestion, debit: 1 })).rejects.toMatchObject({
    code: 'one-amount',
  });
  await bench.imports.map(me, id, suggestion);
  expect(await bench.settled(me, id)).toMatchObject({ state: 'to-review', counts: { new: 2 } });
  await bench.imports.map(me, id, { ...suggestion, headerLine: 9 });
  expect(await bench.settled(me, id)).toMatchObject({ state: 'needs-mapping', error: { code: 'no-rows' } });
  await bench.imports.map(me, id, { ...suggestion, dateFormat: 'MM/DD/YYYY' });
  expect(await bench.settled(me, id)).toMatchObject({ period: { from: '2026-01-02', to: '2026-03-04' }, error: null });
});

test('OFX is known by its ids, and its ledger balance becomes an opening balance where rows are missing', async () => {
  bench.work();
  const first = await bench.record(me, account, fixture('bank.ofx1.ofx'));
  expect(first.counts).toMatchObject({ rows: 5, new: 3, problems: 2, recorded: 3 });
  expect(await bench.balance(account, 'USD')).toBe('1234.56');
  expect((await bench.record(me, account, fixture('bank.ofx1.ofx'))).counts).toMatchObject({ known: 3, recorded: 0 });
  expect(await bench.balance(account, 'USD')).toBe('1234.56');
});

test('a file that is no statement fails with what to do, and can be discarded', async () => {
  bench.work();
  const { id } = await bench.send(me, account, 'PK\u0003\u0004 …');
  expect(await bench.settled(me, id)).toMatchObject({ state: 'failed', error: { code: 'not-text' } });
  await bench.imports.discard(me, id);
  expect(await bench.imports.get(me, id)).toMatchObject({ state: 'discarded', error: null });
});

test('an import whose new mapping could not be read any more is not confirmed with the rows of the old one', async () => {
  bench.work();
  const { id } = await bench.send(me, account, 'Date,Amount,Text\n2026-01-01,1.00,x\n');
  const suggestion = (await bench.settled(me, id)).sample?.suggestion;
  if (!suggestion) throw new Error('no suggestion');
  await bench.imports.map(me, id, suggestion);
  expect(await bench.settled(me, id)).toMatchObject({ state: 'to-review', counts: { new: 1 } });
  await bench.db.source.query('update upload set content = null');
  await bench.imports.map(me, id, suggestion);
  expect(await bench.settled(me, id)).toMatchObject({ state: 'failed', error: { code: 'file-gone' } });
  await expect(bench.imports.confirm(me, id)).rejects.toMatchObject({ code: 'import-state' });
});

test('what is recorded cannot be discarded, and a discarded import forgets its rows and its file', async () => {
  bench.work();
  const { id } = await bench.record(me, account, fixture('revolut.csv'));
  await expect(bench.imports.discard(me, id)).rejects.toMatchObject({ code: 'import-recorded' });
  const other = await bench.send(me, account, fixture('card.ofx2.ofx'));
  await bench.settled(me, other.id);
  await bench.imports.discard(me, other.id);
  expect(await bench.rows(me, other.id)).toEqual([]);
  await expect(bench.imports.confirm(me, other.id)).rejects.toMatchObject({ code: 'import-state' });
  expect(await rowOf(bench.db.source, 'select 1 from upload where content is not null')).toBeUndefined();
});

test('a job that was cancelled or lost its worker shows in the import, and trying again goes on', async () => {
  const { id, jobId } = await bench.send(me, account, fixture('revolut.csv'));
  await bench.db.source.query(`update job set state = 'cancelled', finished_at = now() where id = $1`, [jobId]);
  expect(await bench.imports.get(me, id)).toMatchObject({ state: 'failed', error: { code: 'cancelled' } });
  await bench.db.source.query(`update job set state = 'waiting', finished_at = null where id = $1`, [jobId]);
  bench.work();
  await bench.settled(me, id);
  await bench.imports.confirm(me, id);
  expect(await bench.settled(me, id)).toMatchObject({ state: 'recorded' });
});

test('a recording that was cancelled waits for review again, and confirming it goes on', async () => {
  bench.work();
  const { id } = await bench.send(me, account, fixture('revolut.csv'));
  await bench.settled(me, id);
  await bench.rest();
  const { jobId } = await bench.imports.confirm(me, id);
  await bench.db.source.query(`update job set state = 'cancelled', finished_at = now() where id = $1`, [jobId]);
  expect(await bench.imports.get(me, id)).toMatchObject({ state: 'to-review', error: null });
  const other = await bench.send(me, account, fixture('card.ofx2.ofx'));
  bench.work();
  await bench.settled(me, other.id);
  await bench.imports.confirm(me, other.id);
  await bench.settled(me, other.id);
  expect(await bench.imports.get(me, id)).toMatchObject({ state: 'to-review', counts: { recorded: 0 } });
  await bench.imports.confirm(me, id);
  expect(await bench.settled(me, id)).toMatchObject({ state: 'recorded', counts: { recorded: 8 } });
});

test('another person finds none of it', async () => {
  bench.work();
  const { id } = await bench.send(me, account, fixture('revolut.csv'));
  await bench.settled(me, id);
  const other = await bench.person();
  const attempts = [
    bench.imports.get(other, id),
    bench.imports.rows(other, id, { limit: 10 }),
    bench.imports.confirm(other, id),
    bench.imports.discard(other, id),
    bench.send(other, account, 'x'),
  ];
  for (const attempt of await Promise.allSettled(attempts)) {
    expect(attempt).toMatchObject({ status: 'rejected', reason: expect.any(NotFound) });
  }
  expect((await bench.imports.list(other, 10, undefined)).items).toEqual([]);
});

test('an upload must arrive whole, is used once, and a large one is refused with the limit', async () => {
  const upload = await bench.uploads.create(me, { fileName: 'a.csv', size: 4, contentType: 'text/csv' });
  await expect(bench.imports.create(me, { accountId: account, uploadId: upload.id })).rejects.toMatchObject({
    code: 'upload-incomplete',
  });
  await expect(bench.uploads.receive(me, upload.id, Buffer.from('abc'))).rejects.toMatchObject({ code: 'wrong-size' });
  await bench.uploads.receive(me, upload.id, Buffer.from('abcd'));
  await bench.imports.create(me, { accountId: account, uploadId: upload.id });
  await expect(bench.imports.create(me, { accountId: account, uploadId: upload.id })).rejects.toMatchObject({
    code: 'upload-used',
  });
  const large = bench.uploads.create(me, { fileName: 'a.csv', size: 10_000_001, contentType: 'text/csv' });
  await expect(large).rejects.toMatchObject({ code: 'file-too-large', facts: { largestBytes: 10_000_000 } });
  await expect(bench.uploads.receive(me, randomUUID(), Buffer.from('abcd'))).rejects.toBeInstanceOf(NotFound);
});
