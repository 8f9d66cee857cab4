import { rowsOf } from '@scani/database';
import { decimal, decimalText, sum } from '@scani/money';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ImportBench } from './testing/import-bench.js';

let bench: ImportBench;
let me: string;
beforeAll(async () => {
  bench = await ImportBench.start();
  bench.work();
  me = await bench.person();
});
afterAll(() => bench.close());

const HEADER = 'Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance';
/** Ten days of Revolut's lines, three a day. */
const LINES = Array.from({ length: 30 }, (_, index) => {
  const at = `2026-03-${String(1 + Math.floor(index / 3)).padStart(2, '0')} 08:0${index % 3}:00`;
  const amount = index % 3 === 2 ? '10.25' : '-3.33';
  return {
    amount: decimalText(decimal(amount)),
    line: `CARD_PAYMENT,Current,${at},${at},Shop,${amount},0.00,EUR,COMPLETED,${(1000 + index).toFixed(2)}`,
  };
});
const file = (from: number, to: number): string =>
  [HEADER, ...LINES.slice(from, to).map(({ line }) => line)].join('\n');
const amounts = (from: number, to: number): string[] => LINES.slice(from, to).map(({ amount }) => amount);

test('an import that is taken back leaves a ledger as if it had never been, and every row of it is still there', async () => {
  const account = await bench.account(me);
  await bench.record(me, account, file(0, 9));
  const before = [await bench.balance(account), await bench.ledger(account)];
  const { id } = await bench.record(me, account, file(9, 30));
  expect(await bench.ledger(account)).toHaveLength(30);
  const undone = await bench.undo(me, id);
  expect(undone).toMatchObject({ state: 'undone', error: null });
  expect([await bench.balance(account), await bench.ledger(account)]).toEqual(before);
  const rows = await rowsOf<{ quantity: string; reverses: boolean }>(
    bench.db.source,
    `select quantity, reverses_id is not null as reverses from transaction where user_id = $1 and import_id = $2
     union all select quantity, true from transaction where reverses_id in (select id from transaction where import_id = $2)`,
    [me, id],
  );
  expect(rows.filter((row) => row.reverses)).toHaveLength(21);
  expect(sum(rows.map((row) => decimal(row.quantity))).isZero()).toBe(true);
  // Said twice it is one word.
  expect((await bench.undo(me, id)).state).toBe('undone');
  expect(await bench.ledger(account)).toHaveLength(9);
});

test('the same file can be imported again after that', async () => {
  const account = await bench.account(me);
  const { id } = await bench.record(me, account, file(0, 30));
  const balance = await bench.balance(account);
  await bench.undo(me, id);
  expect(await bench.ledger(account)).toEqual([]);
  const again = await bench.record(me, account, file(0, 30));
  expect(again.counts).toMatchObject({ new: 30, known: 0, recorded: 30 });
  expect([await bench.balance(account), await bench.ledger(account)]).toEqual([balance, amounts(0, 30)]);
});

test('a row stays as long as one import says it, also one that brought nothing new', async () => {
  const account = await bench.account(me);
  const first = await bench.record(me, account, file(0, 9));
  const second = await bench.record(me, account, file(3, 6));
  expect(second.counts).toMatchObject({ new: 0, known: 3 });
  await bench.undo(me, first.id);
  expect((await bench.ledger(account)).sort()).toEqual(amounts(3, 6).sort());
  expect((await bench.undo(me, second.id)).state).toBe('undone');
  expect(await bench.ledger(account)).toEqual([]);
});

test('an import that has recorded nothing cannot be taken back', async () => {
  const { id } = await bench.send(me, await bench.account(me), file(0, 3));
  await bench.settled(me, id);
  await expect(bench.imports.undo(me, id)).rejects.toMatchObject({ status: 409, code: 'import-state' });
  const stranger = await bench.person();
  await expect(bench.imports.undo(stranger, id)).rejects.toMatchObject({ status: 404 });
});

test('whatever is imported and taken back in any order, the ledger is the union of what is left', async () => {
  const slice = fc
    .tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 }))
    .filter(([one, other]) => one !== other)
    .map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ slice, undo: fc.nat({ max: 4 }) }), { minLength: 2, maxLength: 4 }),
      async (steps) => {
        const account = await bench.account(me);
        const there: { id: string; from: number; to: number }[] = [];
        for (const { slice: part, undo } of steps) {
          const { id } = await bench.record(me, account, file(part.from, part.to));
          there.push({ id, ...part });
          const [gone] = undo < there.length ? there.splice(undo, 1) : [];
          if (gone) expect((await bench.undo(me, gone.id)).state).toBe('undone');
          const left = LINES.flatMap(({ amount }, index) =>
            there.some(({ from, to }) => index >= from && index < to) ? [amount] : [],
          );
          expect((await bench.ledger(account)).sort()).toEqual(left.sort());
        }
      },
    ),
    { numRuns: 4 },
  );
}, 180_000);
