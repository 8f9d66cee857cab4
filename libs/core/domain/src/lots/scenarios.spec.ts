import { type Day, dayOf, divided, fixedOf, fixedText, powerOfTen } from '@scani/money';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COST_DECIMALS, QUANTITY_DECIMALS, VALUE_DECIMALS } from '../constants.js';
import {
  CORPORATE_ACTIONS,
  type CorporateActionKind,
  TRANSACTION_KINDS,
  type TransactionKind,
} from '../transaction-kind.js';
import {
  connected,
  COST_BASIS_METHODS,
  type CostBasis,
  costBasis,
  type CostBasisMethod,
  earned,
  incomeOf,
  type LotAction,
  type LotChoice,
  type LotHolding,
  type LotMovement,
  type LotSet,
  type LotUse,
  type Piece,
  realised,
} from './index.js';

/*
 * A scenario is a text file: `#` lines say where its figures are from, then the ledger, then what each method says.
 *   2026-01-31[THH:MM] [HOLDING:]KIND QUANTITY [@ PRICE] [fee FEE|?] [transfer NAME] [action NAME] [as NAME]
 *   holding NAME [asset SYMBOL] [by METHOD] [owed]     without it: one of the asset X, by the method that is asked for
 *   action NAME KIND [NEW:OLD] [cost SHARE]
 *   choose QUANTITY of NAME for NAME                   units of an acquisition for a disposal
 * Sizes are signed by their kind; adjustments, corporate actions and what is owed are signed as written.
 * Amounts of the expectation are rounded to 8 decimals, as they are when they are shown.
 */

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const MOVEMENT =
  /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2})? (?:([a-z0-9]+):)?([a-z-]+) (-?[\d.]+)(?: @ ([\d.]+))?(?: fee ([\d.]+|\?))?(?: transfer (\w+))?(?: action (\w+))?(?: as (\w+))?$/;
const HOLDING = /^holding (\w+)(?: asset (\w+))?(?: by ([\w-]+))?( owed)?$/;
const ACTION = /^action (\w+) ([a-z-]+)(?: ([\d.]+):([\d.]+))?(?: cost ([\d.]+))?$/;
const CHOICE = /^choose ([\d.]+) of (\w+) for (\w+)$/;
const OUTGOING: ReadonlySet<string> = new Set(['withdraw', 'transfer-out', 'sell', 'fee', 'tax']);

const units = (text: string): bigint => fixedOf(text, QUANTITY_DECIMALS);
const money = (text: string): bigint => fixedOf(text, COST_DECIMALS);

interface Scenario {
  movements: LotMovement[];
  holdings: (Omit<LotHolding, 'method'> & { by: CostBasisMethod | undefined })[];
  actions: LotAction[];
  choices: LotChoice[];
  expected: [CostBasisMethod, string][];
}

function movementOf(line: string, index: number): LotMovement {
  const [
    ,
    onDay,
    time = 'T12:00',
    holdingId = 'main',
    kind,
    quantity = '',
    price,
    fee = '0',
    transferId,
    actionId,
    name,
  ] = MOVEMENT.exec(line) ?? [];
  if (!TRANSACTION_KINDS.includes(kind as TransactionKind)) throw new Error(`cannot read: ${line}`);
  const outgoing = OUTGOING.has(kind ?? '') && !quantity.startsWith('-');
  return {
    id: name ?? String(index).padStart(4, '0'),
    holdingId,
    at: Date.parse(`${onDay}${time}:00Z`),
    kind: kind as TransactionKind,
    quantity: outgoing ? -units(quantity) : units(quantity),
    unitPrice: price === undefined ? undefined : money(price),
    fee: fee === '?' ? undefined : money(fee),
    transferId,
    actionId,
  };
}

function actionOf(line: string): LotAction {
  const [, id = '', kind, now, old, cost] = ACTION.exec(line) ?? [];
  if (!CORPORATE_ACTIONS.includes(kind as CorporateActionKind)) throw new Error(`cannot read: ${line}`);
  const ratio = now === undefined || old === undefined ? undefined : { new: units(now), old: units(old) };
  return {
    id,
    kind: kind as CorporateActionKind,
    ratio,
    costShare: cost === undefined ? undefined : money(cost),
  };
}

function read(text: string): Scenario {
  const body = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  const [ledger = '', ...sections] = body.split(/^expect /m);
  const lines = ledger.split('\n').filter(Boolean);
  const starting = (word: string): string[] => lines.filter((line) => line.startsWith(`${word} `));
  const holdings = starting('holding').map((line) => {
    const [, id = '', assetId = 'X', by, owed] = HOLDING.exec(line) ?? [];
    if (!id) throw new Error(`cannot read: ${line}`);
    return { id, assetId, by: by as CostBasisMethod | undefined, liability: owed !== undefined };
  });
  return {
    movements: lines.filter((line) => /^\d/.test(line)).map(movementOf),
    holdings: holdings.length > 0 ? holdings : [{ id: 'main', assetId: 'X', by: undefined, liability: false }],
    actions: starting('action').map(actionOf),
    choices: starting('choose').map((line) => {
      const [, quantity = '', acquisitionId = '', disposalId = ''] = CHOICE.exec(line) ?? [];
      return { quantity: units(quantity), acquisitionId, disposalId };
    }),
    expected: sections.map((section) => {
      const [method = '', ...rest] = section.trim().split('\n');
      if (!COST_BASIS_METHODS.includes(method as CostBasisMethod)) throw new Error(`no such method: ${method}`);
      return [method as CostBasisMethod, rest.join('\n')];
    }),
  };
}

const setOf = ({ holdings, ...rest }: Scenario, method: CostBasisMethod): LotSet => ({
  ...rest,
  holdings: holdings.map(({ by, ...holding }) => ({ ...holding, method: by ?? method })),
});

const onDay = (at: number | null): Day | '-' => (at === null ? '-' : dayOf(new Date(at)));
const size = (quantity: bigint): string => fixedText(quantity, QUANTITY_DECIMALS);
const amount = (value: bigint | null): string =>
  value === null ? 'unknown' : fixedText(divided(value, powerOfTen(COST_DECIMALS - VALUE_DECIMALS)), VALUE_DECIMALS);
const partly = ({ amount: known, unknown }: { amount: bigint | null; unknown: number }): string =>
  `${amount(known)}${unknown > 0 ? ` and ${unknown} unknown` : ''}`;

function shown(basis: CostBasis, set: LotSet): string {
  const several = set.holdings.length > 1;
  const named = (id: string): string => (several ? `${id.replace('asset:', 'pool-')} ` : '');
  const pieces = (lots: readonly Piece[]): string[] =>
    lots.map((lot) => `  ${lot.rule} ${onDay(lot.acquiredAt)} ${size(lot.quantity)} cost ${amount(lot.cost)}`);
  const uses = (lots: readonly LotUse[]): string[] =>
    lots.map(
      (lot) =>
        `  ${lot.rule} ${onDay(lot.acquiredAt)} ${size(lot.quantity)} proceeds ${amount(lot.proceeds)} cost ${amount(lot.cost)}`,
    );
  const gone = [...basis.disposals, ...basis.departures, ...basis.moves].flatMap((one): readonly Piece[] => one.lots);
  const short = gone.reduce((all, { rule, quantity }) => (rule === 'unmatched' ? all + quantity : all), 0n);
  const income = incomeOf(
    set.movements.filter(({ holdingId }) => !set.holdings.find(({ id }) => id === holdingId)?.liability),
  );
  const lines = [
    ...basis.disposals.flatMap((one) => [
      `${onDay(one.at)} ${named(one.holdingId)}${one.kind} ${size(one.quantity)} proceeds ${amount(one.proceeds)} cost ${amount(one.cost)} gain ${amount(one.gain)}`,
      ...(one.short || one.lots.some(({ rule }) => rule === 'kept') ? uses(one.lots) : pieces(one.lots)),
    ]),
    ...basis.departures.flatMap((one) => [
      `${onDay(one.at)} ${named(one.holdingId)}${one.kind} ${size(one.quantity)} without a gain`,
      ...pieces(one.lots),
    ]),
    ...basis.moves.flatMap((one) => [
      `${onDay(one.at)} ${named(one.holdingId)}${one.kind} ${size(one.quantity)} moves`,
      ...pieces(one.lots),
    ]),
    ...basis.open.flatMap(({ key, short: owed, lots }) =>
      lots.map(
        (lot) =>
          `${owed ? 'owed' : 'open'} ${named(key)}${onDay(lot.acquiredAt)} ${size(lot.quantity)} ${owed ? 'fetched' : 'cost'} ${amount(lot.cost)}`,
      ),
    ),
    ...(income.length > 0 ? [`income ${partly(earned(income))}`] : []),
    ...(basis.disposals.length > 0 ? [`realised ${partly(realised(basis.disposals))}`] : []),
    ...(short === 0n ? [] : [`short ${size(short)}`]),
  ];
  return lines.join('\n');
}

/** What every piece says it was taken from, is enough to find its cost again, as far as it is shown. */
function checkSources({ disposals }: CostBasis): void {
  for (const { short, lots } of disposals) {
    for (const { of, quantity, cost, proceeds } of lots) {
      const told = short ? proceeds : cost;
      expect(of.cost === null).toBe(told === null);
      if (of.cost !== null && told !== null)
        expect(amount(divided(of.cost * quantity, of.quantity))).toBe(amount(told));
    }
  }
}

describe.each(files)('%s', (name) => {
  const scenario = read(readFileSync(new URL(name, folder), 'utf8'));
  test('expects something', () => expect(scenario.expected.length).toBeGreaterThan(0));
  test.each(scenario.expected)('%s', (method, wanted) => {
    const set = setOf(scenario, method);
    const basis = costBasis(set);
    expect(shown(basis, set)).toBe(wanted);
    expect(shown(costBasis({ ...set, movements: set.movements.toReversed() }), set)).toBe(wanted);
    checkSources(basis);
  });

  test('nothing but what is connected matters', () => {
    for (const [method] of scenario.expected) {
      const set = setOf(scenario, method);
      const whole = costBasis(set);
      const links = Map.groupBy(set.movements, ({ id, transferId, actionId }) => transferId ?? actionId ?? id);
      const sets = connected(
        set.holdings,
        [...links.values()].map((rows) => rows.map(({ holdingId }) => holdingId)),
      );
      const parts = sets.map((holdings) =>
        costBasis({
          ...set,
          holdings,
          movements: set.movements.filter(({ holdingId }) => holdings.some(({ id }) => id === holdingId)),
        }),
      );
      const byId = (list: readonly { id: string }[]): unknown[] => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(byId(parts.flatMap(({ disposals }) => disposals))).toEqual(byId(whole.disposals));
      expect(parts.flatMap(({ open }) => open).toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
        whole.open.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      );
    }
  });
});

test('there are scenarios', () => expect(files.length).toBeGreaterThanOrEqual(62));
