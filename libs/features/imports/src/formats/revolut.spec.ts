import { expect, test } from 'vitest';
import { CONTEXT, fixture } from '../testing/fixture.js';
import { decode } from './decode.js';
import { formatOf } from './detect.js';
import { readRevolut } from './revolut.js';

const text = decode(fixture('revolut.csv'));

test('only completed rows move money; the others are told with the reason', () => {
  expect(formatOf(text)).toBe('revolut-csv');
  const { rows, problems } = readRevolut(text, CONTEXT);
  expect(rows.length + problems.length).toBe(11);
  expect(problems.map(({ line, column }) => [line, column])).toEqual([
    [10, 'State'],
    [11, 'State'],
    [12, 'Currency'],
  ]);
});

test('the balance moves by amount minus fee, in each currency', () => {
  const { rows } = readRevolut(text, CONTEXT);
  expect(rows.map(({ quantity, fee, kind, currency }) => [quantity, fee, kind, currency])).toEqual([
    ['500', null, 'deposit', 'EUR'],
    ['-7.8', null, 'withdraw', 'EUR'],
    ['-7.8', null, 'withdraw', 'EUR'],
    ['-100.5', '0.5', 'withdraw', 'EUR'],
    ['108.32', null, 'deposit', 'USD'],
    ['-51', '1', 'withdraw', 'EUR'],
    ['-8.99', '8.99', 'fee', 'EUR'],
    ['0.12', null, 'interest', 'EUR'],
  ]);
  expect(rows[1]).toMatchObject({
    description: 'Café "Zur Post", Linz',
    occurredAt: '2026-03-03T07:21:40.000Z',
    dayOnly: false,
    balance: '492.2',
  });
});

test('the balance after the last moment but one is vouched for, where only one product has it', () => {
  expect(readRevolut(text, CONTEXT).closings).toEqual([
    { currency: 'EUR', balance: '323.91', at: '2026-03-07T00:00:01.000Z' },
  ]);
  expect(readRevolut(text.replace('ATM,Current', 'ATM,Savings'), CONTEXT).closings).toEqual([]);
});

test('a damaged line is a problem and no row', () => {
  const { problems } = readRevolut(`${text}TOPUP,Current,2026-03-0`, CONTEXT);
  expect(problems.at(-1)).toMatchObject({ line: 13, column: null });
});
