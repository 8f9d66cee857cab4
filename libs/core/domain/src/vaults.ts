import { type Day, Decimal, divided, fixedOf, powerOfTen, decimalText, ZERO } from '@scani/money';
import { VALUE_DECIMALS } from './constants.js';
import { type Valued } from './figure.js';

/** Decimals of a percentage of a holding. */
const PERCENT_DECIMALS = 6;
const WHOLE = 100n * powerOfTen(PERCENT_DECIMALS);
/** 0.123456 is 12.3456 %. */
const RATIO_DECIMALS = 6;

/** The share of a holding's value that a vault counts; half to even at 8 decimals. `percent`: up to six decimals. */
export function sliceOf(holding: Valued, percent: Decimal): Valued {
  if (holding.amount === null) return holding;
  return { ...holding, amount: divided(holding.amount * fixedOf(decimalText(percent), PERCENT_DECIMALS), WHOLE) };
}

export interface VaultProgress {
  /** Saved ÷ target; null where the saved is not known. */
  ratio: Decimal | null;
  /** What is missing; zero once the target is reached. Null: not known. */
  missing: Decimal | null;
  /** What has to be put aside each month until it is due; null without a due day, once it is reached or not known. */
  monthly: Decimal | null;
}

/**
 * How far a savings goal is. Months are counted from today to the due day, a part of one as a whole one; when the day
 * has come or passed, all that is missing is due at once.
 */
export function vaultProgress(saved: Decimal | null, target: Decimal, dueOn: Day | null, today: Day): VaultProgress {
  if (saved === null) return { ratio: null, missing: null, monthly: null };
  const missing = Decimal.max(target.minus(saved), ZERO);
  return {
    ratio: saved.div(target).toDecimalPlaces(RATIO_DECIMALS, Decimal.ROUND_HALF_EVEN),
    missing,
    monthly:
      dueOn === null || missing.isZero()
        ? null
        : missing.div(Math.max(monthsUntil(today, dueOn), 1)).toDecimalPlaces(VALUE_DECIMALS, Decimal.ROUND_UP),
  };
}

function monthsUntil(from: Day, to: Day): number {
  const [fromYear = 0, fromMonth = 0, fromDate = 0] = from.split('-').map(Number);
  const [toYear = 0, toMonth = 0, toDate = 0] = to.split('-').map(Number);
  return (toYear - fromYear) * 12 + (toMonth - fromMonth) + (toDate > fromDate ? 1 : 0);
}
