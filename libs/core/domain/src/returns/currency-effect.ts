import { divided } from '@scani/money';
import type { FixedRate } from '../figure.js';

/**
 * The part of a day's gain that exchange rates made: the value of the evening before, times what the currency in which
 * the asset was quoted gained or lost against the base until the next evening. The rest of the gain was made in the
 * currency itself. In the unit of `value`, half to even; undefined where a rate is missing.
 */
export function currencyEffect(
  value: bigint,
  before: FixedRate | undefined,
  after: FixedRate | undefined,
): bigint | undefined {
  if (value === 0n) return 0n;
  if (before === undefined || after === undefined) return undefined;
  return before.units === after.units ? 0n : divided(value * (after.units - before.units), before.units);
}
