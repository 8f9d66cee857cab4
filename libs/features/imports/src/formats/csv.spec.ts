import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { CONTEXT, fixture } from '../testing/fixture.js';
import { readCsv } from './csv.js';
import { sampleOf } from './csv.sample.js';
import { decode } from './decode.js';
import { formatOf } from './detect.js';
import { type CsvMapping } from './mapping.js';
import { UnreadableFile } from './statement.js';

const PLAIN: CsvMapping = {
  delimiter: ',',
  headerLine: 1,
  date: 0,
  dateFormat: 'YYYY-MM-DD',
  amount: 1,
  debit: null,
  credit: null,
  decimalSeparator: '.',
  description: [2],
  balance: null,
  currency: null,
  id: null,
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof UnreadableFile) return error.code;
    throw error;
  }
  return 'readable';
};

test('a German bank in Windows-1252: preamble, semicolons, decimal comma, trailing minus, a row that cannot be read', () => {
  const text = decode(fixture('german-bank.csv'));
  expect(formatOf(text)).toBe('csv');
  const { suggestion, columns } = sampleOf(text, 'EUR');
  expect(columns[3]?.name).toBe('Auftraggeber / Begünstigter');
  expect(suggestion).toEqual({
    delimiter: ';',
    headerLine: 5,
    date: 0,
    dateFormat: 'DD.MM.YYYY',
    amount: 5,
    debit: null,
    credit: null,
    decimalSeparator: ',',
    description: [2, 3, 4],
    balance: 6,
    currency: null,
    id: null,
  });
  const { rows, problems } = readCsv(text, suggestion, CONTEXT);
  expect(
    rows.map(({ line, occurredAt, quantity, balance }) => [line, occurredAt.slice(0, 10), quantity, balance]),
  ).toEqual([
    [6, '2026-03-31', '-1012.65', '2087.35'],
    [7, '2026-03-15', '3000', '3100'],
    [9, '2026-03-01', '-80', '100'],
  ]);
  expect(rows[0]).toMatchObject({
    kind: 'withdraw',
    currency: 'EUR',
    dayOnly: true,
    description: 'Lastschrift · Müller Bäckerei · Brötchen für März – 5 €',
  });
  expect(problems).toEqual([{ line: 10, column: 'Betrag (EUR)', detail: expect.stringContaining('zwanzig') }]);
});

test('a bank of the United States: months first, newest row first, dollars, parentheses, balances that vouch', () => {
  const text = decode(fixture('us-bank.csv'));
  const { suggestion, dateFormats } = sampleOf(text, 'USD');
  expect(suggestion).toMatchObject({
    delimiter: ',',
    headerLine: 4,
    date: 0,
    dateFormat: 'MM/DD/YYYY',
    amount: 2,
    balance: 4,
  });
  expect(suggestion.description).toEqual([1]);
  expect(dateFormats[0]).toEqual(['MM/DD/YYYY']);
  const { rows, problems, closings } = readCsv(text, suggestion, { ...CONTEXT, currency: 'USD' });
  expect(problems).toEqual([]);
  expect(rows.map((row) => row.quantity)).toEqual(['2500', '-84.12', '-4.5', '-4.5']);
  expect(closings).toEqual([{ currency: 'USD', balance: '710.55', at: '2026-03-12T12:00:00.000Z' }]);
});

test('money out and money in apart, codes and ids of the bank', () => {
  const text =
    'Fecha,Concepto,Cargos,Abonos,Divisa,Transaction ID\n03-02-2026,Luz,"1.012,50",,EUR,a1\n04-02-2026,Nómina,,"2.000,00",USD,a2\n';
  const { suggestion } = sampleOf(text, 'EUR');
  expect(suggestion).toMatchObject({
    date: 0,
    dateFormat: 'DD-MM-YYYY',
    amount: null,
    debit: 2,
    credit: 3,
    currency: 4,
    id: 5,
    decimalSeparator: ',',
  });
  expect(readCsv(text, suggestion, CONTEXT).rows).toMatchObject([
    { quantity: '-1012.5', currency: 'EUR', id: 'a1', description: 'Luz' },
    { quantity: '2000', currency: 'USD', id: 'a2' },
  ]);
});

test('a file without any heading', () => {
  const text = '20260105\tRent\t-812.55\n20260106\tBread\t-3.10\n20260107\tSalary\t2000.00\n';
  const { suggestion } = sampleOf(text, 'EUR');
  expect(suggestion).toMatchObject({
    delimiter: '\t',
    headerLine: null,
    date: 0,
    dateFormat: 'YYYYMMDD',
    amount: 2,
    description: [1],
  });
  expect(readCsv(text, suggestion, CONTEXT).rows).toHaveLength(3);
});

test('days and months: one value settles it, else the order of the rows, else the currency of the account', () => {
  const dated = (...dates: string[]) =>
    sampleOf(`Date,Amount,Text\n${dates.map((date) => `${date},1.00,x`).join('\n')}\n`, 'EUR');
  expect(dated('03/04/2026', '05/25/2026').suggestion.dateFormat).toBe('MM/DD/YYYY');
  expect(dated('05/04/2026', '25/04/2026').suggestion.dateFormat).toBe('DD/MM/YYYY');
  const byOrder = dated('01/12/2026', '02/03/2026', '03/01/2026', '04/05/2026');
  expect(byOrder.suggestion.dateFormat).toBe('MM/DD/YYYY');
  expect(byOrder.dateFormats[0]).toEqual(['MM/DD/YYYY', 'DD/MM/YYYY']);
  expect(dated('01/02/2026').suggestion.dateFormat).toBe('DD/MM/YYYY');
  expect(sampleOf('Date,Amount,Text\n01/02/2026,1.00,x\n', 'USD').suggestion.dateFormat).toBe('MM/DD/YYYY');
});

test('every record is a row or a problem, and each problem names line, column and remedy', () => {
  const text =
    'Date,Amount,Text\n2026-01-01,1.00,ok\n\n2026-02-30,1.00,no such day\n2026-01-02,,nothing\nTotal,1.00,\n2026-01-03\n';
  const { rows, problems } = readCsv(text, PLAIN, CONTEXT);
  expect(rows.map((row) => row.line)).toEqual([2]);
  expect(problems.map(({ line, column }) => [line, column])).toEqual([
    [4, 'Date'],
    [5, 'Amount'],
    [6, 'Date'],
    [7, 'Amount'],
  ]);
  expect(problems[0]?.detail).toContain('Choose another date format or correct the line');
});

test('an unknown currency is a problem of its row', () => {
  const text = 'Date,Amount,Text,Currency\n2026-01-01,1.00,ok,XXX\n2026-01-01,1.00,ok,eur\n';
  const { rows, problems } = readCsv(text, { ...PLAIN, currency: 3 }, CONTEXT);
  expect(rows).toHaveLength(1);
  expect(problems).toMatchObject([{ line: 2, column: 'Currency' }]);
});

test.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])('%s is read', (encoding) => {
  const text = 'Date,Amount,Text\n2026-01-01,1.00,Größe über alles – schöne Grüße aus Köln, 5 €\n'.replaceAll(
    'Grüße aus Köln,',
    'Grüße aus Köln',
  );
  expect(decode(iconv.encode(text, encoding))).toBe(text);
  if (encoding.startsWith('utf')) expect(decode(iconv.encode(text, encoding, { addBOM: true }))).toBe(text);
});

test('what is no statement says so, and what to do', () => {
  expect(codeOf(() => decode(Buffer.from('%PDF-1.7')))).toBe('not-text');
  expect(codeOf(() => decode(Buffer.from('PK\u0003\u0004xl')))).toBe('not-text');
  expect(codeOf(() => decode(Buffer.alloc(0)))).toBe('empty-file');
  expect(codeOf(() => sampleOf('Dear customer\nyour statement is ready\n', 'EUR'))).toBe('not-a-table');
  expect(codeOf(() => sampleOf('Date,Amount,Text\n', 'EUR'))).toBe('no-rows');
  expect(codeOf(() => readCsv('Date,Amount\n2026-01-01,1\n', { ...PLAIN, headerLine: 9 }, CONTEXT))).toBe('no-rows');
  expect(codeOf(() => readCsv('Date,Amount,Text\n2026-01-01,1,"open\n', PLAIN, CONTEXT))).toBe('broken-csv');
});

test('more rows than the limit are refused, by its name', () => {
  const text = `Date,Amount,Text\n${'2026-01-01,1.00,x\n'.repeat(200_001)}`;
  expect(() => readCsv(text, PLAIN, CONTEXT)).toThrow(/at most 200,000 rows/);
}, 30_000);
