import { addDays, type Day, Decimal, ZERO } from '@scani/money';
import { VALUE_DECIMALS } from '../constants.js';

/** What was held in assets of one currency at the end of a day, in the base. */
export interface CurrencyValue {
  day: Day;
  currency: string;
  value: Decimal;
}

/**
 * The part of a gain that exchange rates made, in the base: every evening's value, times what its own currency gained
 * or lost against the base over the next day. The rest of the gain was made in the currencies themselves. Undefined
 * where a rate is missing.
 */
export function currencyEffect(
  values: readonly CurrencyValue[],
  rateOn: (currency: string, day: Day) => Decimal | undefined,
): Decimal | undefined {
  let total = ZERO;
  for (const { day, currency, value } of values) {
    if (value.isZero()) continue;
    const [before, after] = [rateOn(currency, day), rateOn(currency, addDays(day, 1))];
    if (before === undefined || after === undefined) return undefined;
    if (!before.eq(after)) total = total.plus(value.times(after.div(before).minus(1)));
  }
  return total.toDecimalPlaces(VALUE_DECIMALS, Decimal.ROUND_HALF_EVEN);
}
