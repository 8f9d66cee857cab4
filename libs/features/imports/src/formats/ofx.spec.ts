import { expect, test } from 'vitest';
import { CONTEXT, fixture } from '../testing/fixture.js';
import { decode } from './decode.js';
import { formatOf } from './detect.js';
import { readOfx } from './ofx.js';
import { UnreadableFile } from './statement.js';

const bank = decode(fixture('bank.ofx1.ofx'));
const card = decode(fixture('card.ofx2.ofx'));

test('OFX 1 in SGML: values without end tags, zones, kinds, decimal comma', () => {
  expect(formatOf(bank)).toBe('ofx');
  const { rows, problems, closings } = readOfx(bank, CONTEXT);
  expect(
    rows.map(({ occurredAt, quantity, kind, id, description }) => [occurredAt, quantity, kind, id, description]),
  ).toEqual([
    ['2026-03-04T04:30:00.000Z', '-23.4', 'withdraw', 'A1', 'SMITH & SONS · Card 1234'],
    ['2026-03-31T12:00:00.000Z', '0.42', 'interest', 'A2', 'INTEREST'],
    ['2026-03-31T06:30:00.123Z', '-2.5', 'fee', 'A3', 'FEE for March'],
  ]);
  expect(rows.map(({ currency, line }) => [currency, line])).toEqual([
    ['USD', 25],
    ['USD', 33],
    ['USD', 40],
  ]);
  expect(problems.map(({ line, column }) => [line, column])).toEqual([
    [48, 'DTPOSTED'],
    [55, 'CORRECTFITID'],
  ]);
  expect(closings).toEqual([{ currency: 'USD', balance: '1234.56', at: '2026-03-31T12:00:00.000Z' }]);
});

test('OFX 2 in XML: a credit card, entities, CDATA, a payee, a foreign currency', () => {
  expect(formatOf(card)).toBe('ofx');
  const { rows, problems, closings } = readOfx(card, CONTEXT);
  expect(problems).toEqual([]);
  expect(rows).toMatchObject([
    { quantity: '-19.99', currency: 'EUR', description: 'Bücher <online>', line: 8, dayOnly: true },
    { quantity: '-30', currency: 'GBP', description: 'Tea House · Tea & more', id: 'X2', line: 9 },
  ]);
  expect(closings).toEqual([{ currency: 'EUR', balance: '-49.99', at: '2026-01-31T08:30:00.000Z' }]);
});

test('an empty value without an end tag swallows nothing', () => {
  const { rows } = readOfx(bank.replace('<FITID>A1', '<CHECKNUM>\n<FITID>A1'), CONTEXT);
  expect(rows[0]).toMatchObject({ id: 'A1', quantity: '-23.4', description: 'SMITH & SONS · Card 1234' });
});

test('all on one line is read as well', () => {
  const { rows } = readOfx(bank.replaceAll('\n', ''), CONTEXT);
  expect(rows).toHaveLength(3);
});

test('a ledger balance of a day comes after the rows of that day', () => {
  const early = bank.replace('<DTASOF>20260331', '<DTASOF>20260331010000[0:GMT]');
  expect(readOfx(early, CONTEXT).closings[0]?.at).toBe('2026-03-31T12:00:00.000Z');
});

test('several accounts, none, or an investment account are refused with the remedy', () => {
  const codeOf = (text: string) => {
    try {
      readOfx(text, CONTEXT);
    } catch (error) {
      if (error instanceof UnreadableFile) return error.code;
      throw error;
    }
    return 'readable';
  };
  const statement = /<STMTTRNRS>[\s\S]*<\/STMTTRNRS>/.exec(bank)?.[0] ?? '';
  expect(codeOf(bank.replace(statement, statement + statement.replace('000123', '000456')))).toBe('several-accounts');
  expect(codeOf(bank.replace(statement, statement + statement))).toBe('readable');
  expect(codeOf(bank.replaceAll('STMTTRN>', 'NOTHING>'))).toBe('no-rows');
  expect(codeOf('OFXHEADER:100\n<OFX><INVSTMTRS><CURDEF>USD</INVSTMTRS></OFX>')).toBe('investment-ofx');
});
