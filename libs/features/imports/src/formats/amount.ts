import { decimal, decimalText, isDecimalText } from '@scani/money';
import type { DecimalSeparator } from './mapping.js';

const MINUS = /[\u2212\u2013\u2014\u2012\uFE63\uFF0D]/g;
const SPACES = /[\s\u00A0\u202F\u2009\u2007'\u2019]/g;
const SYMBOLS = /\p{Sc}|^[+-]?\(?[A-Z]{3}(?=[\d.,+(-])|(?<=[\d.,)+-])[A-Z]{3}$/gu;
/** By far the most are written so; the rest takes the long way. */
const PLAIN: Record<DecimalSeparator, RegExp> = { '.': /^(-?)(\d+)(?:\.(\d+))?$/, ',': /^(-?)(\d+)(?:,(\d+))?$/ };
const MOST_BEFORE = 30;
const MOST_AFTER = 24;

export type AmountRead = { ok: true; value: string } | { ok: false; why: string };

/**
 * An amount as people and banks write it, as plain decimal notation: thousands separators, a minus before or after it
 * (in any of its signs), parentheses, CR and DR, currency symbols and codes. Never guesses: an amount that does not fit
 * the decimal separator is refused.
 */
export function readAmount(written: string, separator: DecimalSeparator): AmountRead {
  const plainly = PLAIN[separator].exec(written.trim());
  if (plainly) return exact(written, `${plainly[2]}${plainly[3] ? `.${plainly[3]}` : ''}`, plainly[1] === '-');
  let text = written.trim().replaceAll(MINUS, '-').replaceAll(SPACES, '');
  let negative = false;
  const side = /^(.*?)(CR|DR)\.?$/i.exec(text);
  if (side) {
    negative = side[2]?.toUpperCase() === 'DR';
    text = side[1] ?? '';
  }
  text = text.replaceAll(SYMBOLS, (match) => match.replaceAll(/[^+(-]/g, ''));
  if (/^\(.*\)$/.test(text)) {
    negative = !negative;
    text = text.slice(1, -1);
  }
  const signed = /^([+-]?)(.*?)([+-]?)$/.exec(text);
  const [before = '', digits = '', after = ''] = signed?.slice(1) ?? [];
  if (before && after) return refused(written, 'it has two signs');
  if (before === '-' || after === '-') negative = !negative;
  const plain = plainOf(digits, separator);
  if (plain === undefined) {
    const other = separator === '.' ? ',' : '.';
    return digits.includes(other)
      ? refused(written, `it does not fit the decimal separator "${separator}"`)
      : refused(written, 'it is not a number');
  }
  return exact(written, plain, negative);
}

function exact(written: string, plain: string, negative: boolean): AmountRead {
  const [whole = '', part = ''] = plain.split('.');
  if (whole.length > MOST_BEFORE || part.length > MOST_AFTER) {
    return refused(written, `it has more than ${MOST_BEFORE} digits or ${MOST_AFTER} decimals`);
  }
  const value = decimal(plain);
  return { ok: true, value: decimalText(negative ? value.neg() : value) };
}

function plainOf(digits: string, separator: DecimalSeparator): string | undefined {
  const group = separator === '.' ? ',' : '.';
  const [whole = '', part, ...more] = digits.split(separator);
  if (more.length > 0 || (part !== undefined && !/^\d*$/.test(part)) || (whole === '' && !part)) return undefined;
  const grouped = whole.split(group);
  // Groups of three; in India the earlier ones have two.
  const groupsFit =
    grouped.length === 1 ||
    (/^\d{1,3}$/.test(grouped[0] ?? '') &&
      grouped.at(-1)?.length === 3 &&
      grouped.slice(1, -1).every((one) => one.length === 3 || one.length === 2));
  const joined = grouped.join('');
  if (!groupsFit || !/^\d*$/.test(joined)) return undefined;
  const plain = `${joined.replace(/^0+(?=\d)/, '') || '0'}${part ? `.${part}` : ''}`;
  return isDecimalText(plain) ? plain : undefined;
}

const refused = (written: string, why: string): AmountRead => ({
  ok: false,
  why: `“${written.trim().slice(0, 40)}” is not an amount that can be read: ${why}.`,
});
