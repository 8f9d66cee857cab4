import { Decimal, isDecimalText } from '@scani/money';

/** A number of a foreign JSON text, as it was written there. */
export class NumberText {
  constructor(readonly text: string) {}
}

const MOST_EXPONENT = 40;

/** Parses JSON without passing any number through floating point. Throws SyntaxError. */
export function parseExact(text: string): unknown {
  return JSON.parse(text, (...[, value, context]: [key: string, value: unknown, context?: { source?: string }]) => {
    if (typeof value !== 'number') return value;
    if (context?.source === undefined)
      throw new Error('this JavaScript engine does not give the source of JSON numbers');
    return new NumberText(context.source);
  }) as unknown;
}

/** Plain decimal notation of a foreign number, every digit kept; undefined for anything else. */
export function decimalTextOf(value: unknown): string | undefined {
  if (!(value instanceof NumberText)) return undefined;
  const exponent = Number(/[eE]([+-]?\d+)$/.exec(value.text)?.[1] ?? 0);
  if (Math.abs(exponent) > MOST_EXPONENT) return undefined;
  const plain = new Decimal(value.text).toFixed();
  return isDecimalText(plain) ? plain : undefined;
}

/** A count or a time in whole seconds or milliseconds; never an amount. */
export function integerOf(value: unknown): number | undefined {
  const number = value instanceof NumberText ? Number(value.text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);
  return plain ? (value as Record<string, unknown>) : undefined;
}

export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
