import { decimal, decimalText } from '@scani/money';
import type { ModelUsage } from '@scani/providers';

/** US dollars for a million tokens. */
export interface TokenPrices {
  readonly input: string | undefined;
  readonly output: string | undefined;
}

const MILLION = 1_000_000;
const MOST_DECIMALS = 9;

/** What an answer of the model cost in US dollars, as exact decimal; undefined where prices or tokens are not known. */
export function costOf({ input, output }: ModelUsage, prices: TokenPrices): string | undefined {
  if (input === undefined || output === undefined || prices.input === undefined || prices.output === undefined) {
    return undefined;
  }
  const millionths = decimal(prices.input).times(input).plus(decimal(prices.output).times(output));
  return decimalText(millionths.dividedBy(MILLION).toDecimalPlaces(MOST_DECIMALS));
}
