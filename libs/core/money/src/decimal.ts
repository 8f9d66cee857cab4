import { Decimal as DecimalJs } from 'decimal.js';

/** 60 significant digits: an 18- or 24-decimal quantity times a price keeps every digit that can be stored. */
export const Decimal = DecimalJs.clone({
  precision: 60,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  toExpNeg: -64,
  toExpPos: 64,
});
export type Decimal = DecimalJs;

export const ZERO: Decimal = new Decimal(0);
export const ONE: Decimal = new Decimal(1);

const DECIMAL_TEXT = /^-?(?:\d+)(?:\.\d+)?$/;
const MOST_DIGITS = 60;

/** True for plain decimal notation (`-12.340`), the only form in which amounts travel. At most 60 digits. */
export function isDecimalText(text: string): boolean {
  return DECIMAL_TEXT.test(text) && text.length <= MOST_DIGITS + 2;
}

/** Reads plain decimal notation exactly. Throws RangeError for anything else, exponents and numbers included. */
export function decimal(text: string): Decimal {
  if (!isDecimalText(text)) throw new RangeError(`not a decimal: ${JSON.stringify(text)}`);
  return new Decimal(text);
}

/** Plain notation without trailing zeros, never an exponent; `-0` becomes `0`. */
export function decimalText(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}

/** Sum without rounding; zero for nothing. */
export function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const value of values) total = total.plus(value);
  return total;
}
