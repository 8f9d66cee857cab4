import { COVERAGES, type Coverage, type Figure as DomainFigure } from '@scani/domain';
import { type Decimal, decimalText } from '@scani/money';
import { ApiDecimal, ApiFlag, ApiList, ApiText, ApiWord } from '@scani/runtime';

/** An amount in the base currency, with how much of it is known. */
export class Figure {
  @ApiDecimal({ nullable: true, description: 'Null: not known. Never zero for that.' }) amount!: string | null;
  @ApiText() currency!: string;
  @ApiWord('Coverage', COVERAGES) coverage!: Coverage;
  @ApiFlag({ description: 'A price behind it is old.' }) stale!: boolean;
  @ApiList(() => String, { description: 'What is missing, in sentences.' }) reasons!: string[];
}

export class Change {
  @ApiDecimal() amount!: string;
  @ApiDecimal({ nullable: true, description: '0.0123 is +1.23 %; null where the earlier value was zero or less.' })
  ratio!: string | null;
}

const RATIO_DECIMALS = 6;

export function shownFigure(figure: DomainFigure | undefined, currency: string): Figure {
  if (!figure) return { amount: '0', currency, coverage: 'full', stale: false, reasons: [] };
  return {
    amount: figure.amount === null ? null : decimalText(figure.amount),
    currency,
    coverage: figure.coverage,
    stale: figure.stale > 0,
    reasons: [
      ...counted(figure.unpriced, 'holding has no price and is left out', 'holdings have no price and are left out'),
      ...counted(figure.stale, 'price is old', 'prices are old'),
      ...counted(
        figure.beforeRecords,
        'holding has no records yet at this time',
        'holdings have no records yet at this time',
      ),
      ...counted(figure.drifting, 'balance moved without a transaction', 'balances moved without a transaction'),
    ],
  };
}

export function changeOf(now: Decimal | null | undefined, before: Decimal | null | undefined): Change | null {
  if (!now || !before) return null;
  const amount = now.minus(before);
  return {
    amount: decimalText(amount),
    ratio:
      before.isPositive() && !before.isZero() ? decimalText(amount.div(before).toDecimalPlaces(RATIO_DECIMALS)) : null,
  };
}

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}.`];
