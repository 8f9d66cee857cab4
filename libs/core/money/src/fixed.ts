import { Decimal } from './decimal.js';

/*
 * Fixed point for inner loops: a bigint counts units of 10^-scale. Exact like Decimal and some ten times as fast;
 * Decimal stays at the edges.
 */

const POWERS: bigint[] = [];
/** 10 to the power of `exponent`. */
export function powerOfTen(exponent: number): bigint {
  return (POWERS[exponent] ??= 10n ** BigInt(exponent));
}

/** Plain decimal notation as units of 10^-scale; digits beyond the scale are rounded half to even. */
export function fixedOf(text: string, scale: number): bigint {
  const point = text.indexOf('.');
  if (point < 0) return BigInt(text) * powerOfTen(scale);
  const decimals = text.length - point - 1;
  const units = BigInt(text.slice(0, point) + text.slice(point + 1));
  return decimals <= scale ? units * powerOfTen(scale - decimals) : divided(units, powerOfTen(decimals - scale));
}

/** Canonical plain notation: no trailing zeros, no exponent, no negative zero. */
export function fixedText(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const part = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${part ? `.${part}` : ''}`;
}

export function fixedDecimal(units: bigint, scale: number): Decimal {
  return new Decimal(fixedText(units, scale));
}

/** `dividend / divisor` to the nearest whole, half to even. Throws RangeError when dividing by zero. */
export function divided(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const above = dividend < 0n ? -dividend : dividend;
  const below = divisor < 0n ? -divisor : divisor;
  const whole = above / below;
  const twice = (above - whole * below) * 2n;
  const up = twice > below || (twice === below && (whole & 1n) === 1n);
  const rounded = up ? whole + 1n : whole;
  return negative ? -rounded : rounded;
}
