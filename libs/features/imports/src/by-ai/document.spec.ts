import type { AiDocument, AiRow } from '@scani/cloud';
import type { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { CONTEXT } from '../testing/fixture.js';
import { pdfOf } from '../testing/pdf.js';
import { documentOf } from './document.reader.js';
import { pdfPages } from './pdf.text.js';

describe('the text of a PDF', () => {
  test('lines as people read them: top to bottom, left to right, whatever the order in the file', async () => {
    const bytes = pdfOf([
      [
        [300, 700, '-950,00'],
        [50, 720, 'Statement of November'],
        [50, 701, '03.11.2026'],
        [120, 700, 'Rent (flat)'],
      ],
      [[50, 700, 'Second page']],
    ]);
    expect(await pdfPages(bytes)).toEqual(['Statement of November\n03.11.2026  Rent (flat)  -950,00', 'Second page']);
  });

  const line = [[50, 700, 'Some text that is long enough']] as const;
  test.each<[string, Buffer, string]>([
    ['one with a password', pdfOf([line], { encrypt: true }), 'pdf-encrypted'],
    ['one of pictures', pdfOf([[], []]), 'pdf-scanned'],
    ['one of many pages', pdfOf(Array.from({ length: 41 }, () => line)), 'pdf-too-many-pages'],
    ['half of one', pdfOf([line]).subarray(0, 60), 'pdf-broken'],
    ['none', Buffer.from('%PDF-1.7 and nothing else'), 'pdf-broken'],
    ['a huge one', Buffer.concat([pdfOf([line]), Buffer.alloc(20_000_000)]), 'pdf-too-large'],
  ])('%s says what to do', async (_what, bytes, code) => {
    await expect(pdfPages(bytes)).rejects.toMatchObject({ name: 'UnreadableFile', code });
  });

  test('one that takes too long is left, and its thread is ended', async () => {
    await expect(pdfPages(pdfOf([line]), 0)).rejects.toMatchObject({ code: 'pdf-too-much' });
  });

  test('several are read one after the other: there is memory for one', async () => {
    let [alive, most] = [0, 0];
    const count = (thread: Worker): void => {
      most = Math.max(most, (alive += 1));
      thread.once('exit', () => (alive -= 1));
    };
    process.on('worker', count);
    const read = await Promise.all([1, 2, 3].map(() => pdfPages(pdfOf([line]))));
    process.off('worker', count);
    expect(read).toHaveLength(3);
    expect([alive, most]).toEqual([0, 1]);
  });
});

const row = (more: Partial<AiRow> = {}): AiRow => ({
  page: 1,
  day: '2026-11-03',
  description: 'Rent',
  amount: '950,00',
  direction: 'out',
  currency: null,
  balance: null,
  problem: null,
  ...more,
});
const part = (rows: AiRow[], more: Partial<AiDocument> = {}): AiDocument => ({
  rows,
  closing: null,
  currency: null,
  problems: [],
  ...more,
});

describe('the rows of a document', () => {
  test('the direction gives the sign, and the whole document its decimal mark', () => {
    const { statement } = documentOf(
      [
        part([row({ amount: '1.000' })]),
        part([row({ page: 6, amount: '4,50', direction: 'in', description: 'Refund' })]),
      ],
      CONTEXT,
    );
    expect(statement.rows).toMatchObject([
      {
        line: 1,
        quantity: '-1000',
        kind: 'withdraw',
        currency: 'EUR',
        occurredAt: '2026-11-03T12:00:00.000Z',
        dayOnly: true,
      },
      { line: 2, quantity: '4.5', kind: 'deposit', raw: { page: '6', amount: '4,50' } },
    ]);
  });

  test('what cannot be taken is a problem with its page; every row is a row or a problem', () => {
    const { statement } = documentOf(
      [
        part([
          row({ problem: 'The amount “1” is not on the page.' }),
          row({ amount: '1,2,3' }),
          row({ currency: 'XXX' }),
          row({ amount: '-5,00', direction: 'in' }),
          row({ day: null }),
        ]),
      ],
      CONTEXT,
    );
    expect(statement.rows).toEqual([]);
    expect(statement.problems).toHaveLength(5);
    expect(statement.problems[0]).toEqual({
      line: 1,
      column: 'page 1',
      detail: 'The amount “1” is not on the page. Add it by hand if it belongs to the account.',
    });
  });

  const balanced = [
    row({ amount: '950,00', balance: '50,00' }),
    row({ day: '2026-11-04', amount: '100,00', direction: 'in', balance: '150,00' }),
  ];
  test('the closing balance is believed where the running balances follow', () => {
    const closing = { balance: '150,00', day: '2026-11-30' };
    expect(documentOf([part(balanced, { closing })], CONTEXT)).toMatchObject({
      statement: { closings: [{ currency: 'EUR', balance: '150', at: '2026-11-30T12:00:00.000Z' }] },
      notes: [],
    });
  });

  test('where they do not, a row is missing or wrong: no balance is believed, and it is said', () => {
    const wrong = [
      balanced[0] as AiRow,
      row({ day: '2026-11-04', amount: '10,00', direction: 'in', balance: '150,00' }),
    ];
    const { statement, notes } = documentOf(
      [part(wrong, { closing: { balance: '150,00', day: '2026-11-30' } })],
      CONTEXT,
    );
    expect(statement.closings).toEqual([]);
    expect(notes.join()).toContain('do not follow');
  });

  test('a document without movements says so', () => {
    expect(() => documentOf([part([])], CONTEXT)).toThrow(/no-rows/);
  });
});
