import { type Day, dayOf, type Decimal, decimal, decimalText, Decimal as D, ZERO } from '@scani/money';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { VALUE_DECIMALS } from '../constants.js';
import { signedQuantity, TRANSACTION_KINDS, type TransactionKind } from '../transaction-kind.js';
import {
  COST_BASIS_METHODS,
  type CostBasis,
  costBasis,
  type CostBasisMethod,
  earned,
  type LotMovement,
  realised,
} from './index.js';

/*
 * A scenario is a text file: `#` lines say where its figures are from, then the ledger, then what each method says.
 *   2026-01-31[THH:MM] KIND QUANTITY [@ PRICE] [fee FEE|?]
 * Amounts of the expectation are rounded to 8 decimals, as they are when they are shown.
 */

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const LINE = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2})? ([a-z-]+) (-?[\d.]+)(?: @ ([\d.]+))?(?: fee ([\d.]+|\?))?$/;

function movementOf(line: string, index: number): LotMovement {
  const [, onDay, time = 'T12:00', kind, quantity = '', price, fee = '0'] = LINE.exec(line) ?? [];
  if (!TRANSACTION_KINDS.includes(kind as TransactionKind)) throw new Error(`cannot read: ${line}`);
  return {
    id: String(index).padStart(4, '0'),
    at: Date.parse(`${onDay}${time}:00Z`),
    kind: kind as TransactionKind,
    quantity: signedQuantity(kind as TransactionKind, decimal(quantity)),
    unitPrice: price === undefined ? undefined : decimal(price),
    fee: fee === '?' ? undefined : decimal(fee),
  };
}

function read(text: string): { movements: LotMovement[]; expected: [CostBasisMethod, string][] } {
  const body = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  const [ledger = '', ...sections] = body.split(/^expect /m);
  return {
    movements: ledger.split('\n').filter(Boolean).map(movementOf),
    expected: sections.map((section) => {
      const [method = '', ...lines] = section.trim().split('\n');
      if (!COST_BASIS_METHODS.includes(method as CostBasisMethod)) throw new Error(`no such method: ${method}`);
      return [method as CostBasisMethod, lines.join('\n')];
    }),
  };
}

const onDay = (at: number | null): Day | '-' => (at === null ? '-' : dayOf(new Date(at)));
const money = (value: Decimal | null): string =>
  value === null ? 'unknown' : decimalText(value.toDecimalPlaces(VALUE_DECIMALS, D.ROUND_HALF_EVEN));
const partly = ({ amount, unknown }: { amount: Decimal | null; unknown: number }): string =>
  `${money(amount)}${unknown > 0 ? ` and ${unknown} unknown` : ''}`;

function shown(basis: CostBasis): string {
  const lines = [
    ...basis.disposals.flatMap((one) => [
      `${onDay(one.at)} ${one.kind} ${decimalText(one.quantity)} proceeds ${money(one.proceeds)} cost ${money(one.cost)} gain ${money(one.gain)}`,
      ...one.lots.map(
        (lot) => `  ${lot.rule} ${onDay(lot.acquiredAt)} ${decimalText(lot.quantity)} cost ${money(lot.cost)}`,
      ),
    ]),
    ...basis.departures.flatMap((one) => [
      `${onDay(one.at)} ${one.kind} ${decimalText(one.quantity)} without a gain`,
      ...one.lots.map(
        (lot) => `  ${lot.rule} ${onDay(lot.acquiredAt)} ${decimalText(lot.quantity)} cost ${money(lot.cost)}`,
      ),
    ]),
    ...basis.open.map((lot) => `open ${onDay(lot.acquiredAt)} ${decimalText(lot.quantity)} cost ${money(lot.cost)}`),
    ...(basis.income.length > 0 ? [`income ${partly(earned(basis.income))}`] : []),
    ...(basis.disposals.length > 0 ? [`realised ${partly(realised(basis.disposals))}`] : []),
    ...(basis.short.eq(ZERO) ? [] : [`short ${decimalText(basis.short)}`]),
  ];
  return lines.join('\n');
}

describe.each(files)('%s', (name) => {
  const { movements, expected } = read(readFileSync(new URL(name, folder), 'utf8'));
  test('expects something', () => expect(expected.length).toBeGreaterThan(0));
  test.each(expected)('%s', (method, wanted) => {
    expect(shown(costBasis(movements, method))).toBe(wanted);
    expect(shown(costBasis(movements.toReversed(), method))).toBe(wanted);
  });
});

test('there are scenarios', () => expect(files.length).toBeGreaterThanOrEqual(25));
