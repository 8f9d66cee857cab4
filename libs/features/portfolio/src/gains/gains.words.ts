import { COST_DECIMALS, type LotRule, type OpenLot, QUANTITY_DECIMALS, VALUE_DECIMALS } from '@scani/domain';
import { divided, fixedOf, fixedText, powerOfTen } from '@scani/money';

const SHOWN = powerOfTen(COST_DECIMALS - VALUE_DECIMALS);

/** Amounts are exact until here: rounded to what is shown, half to even. */
export const money = (value: bigint | null): string | null =>
  value === null ? null : fixedText(divided(value, SHOWN), VALUE_DECIMALS);

/** The same of an amount in plain notation. */
export const shownText = (value: string | null): string | null =>
  value === null ? null : money(fixedOf(value, COST_DECIMALS));

/** To the last unit that is counted. */
export const exact = (value: bigint | null): string | null => (value === null ? null : fixedText(value, COST_DECIMALS));

export const size = (value: bigint): string => fixedText(value, QUANTITY_DECIMALS);

export const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A lot as it is stored and told: amounts rounded, and what its cost is found again from in full. */
export interface StoredLot {
  acquiredAt: string | null;
  acquisitionId: string | null;
  quantity: string;
  cost: string | null;
}

export interface StoredUse extends StoredLot {
  proceeds: string | null;
  gain: string | null;
  rule: LotRule;
  of: { quantity: string; cost: string | null };
}

export const storedLot = ({ acquiredAt, acquisitionId, quantity, cost }: OpenLot): StoredLot => ({
  acquiredAt: instant(acquiredAt),
  acquisitionId,
  quantity: size(quantity),
  cost: money(cost),
});
