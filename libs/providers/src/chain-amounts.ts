import { fixedText, isDecimalText } from '@scani/money';
import type { ChainAsset, ChainMovement, WalletBalances } from './chain.js';
import { integerOf, NumberText } from './exact-json.js';

/** More digits than this no amount of anything real has; they are made by tokens that only want to be seen. */
const MOST_DIGITS = 50;
const MOST_DECIMALS = 36;

/** A whole number of base units, from JSON text or number; undefined for anything else, and for what is absurdly large. */
export function unitsOf(value: unknown): bigint | undefined {
  const text = value instanceof NumberText ? value.text : value;
  return typeof text === 'string' && text.length <= MOST_DIGITS && /^\d+$/.test(text) ? BigInt(text) : undefined;
}

/** The same with a sign. */
export function changeOf(value: unknown): bigint | undefined {
  const text = value instanceof NumberText ? value.text : value;
  if (typeof text !== 'string') return undefined;
  const units = unitsOf(text.replace(/^-/, ''));
  return units !== undefined && text.startsWith('-') ? -units : units;
}

/** Decimals of a token, written as a number or as text; undefined for what is none, or absurd. */
export function decimalsOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : integerOf(value);
  return count !== undefined && count >= 0 && count <= MOST_DECIMALS ? count : undefined;
}

/** Base units as exact decimal text. */
export const quantityOf = (units: bigint, decimals: number): string => fixedText(units, decimals);

/** A movement, or none where nothing moved. */
export function movement(
  about: Omit<ChainMovement, 'quantity' | 'externalId'> & { readonly id: string; readonly units: bigint },
): ChainMovement[] {
  const { id, units, ...rest } = about;
  if (units <= 0n) return [];
  return [{ externalId: `${rest.transactionId}:${id}`, ...rest, quantity: quantityOf(units, rest.asset.decimals) }];
}

/** Each with how many of its kind came before it, for lists that do not number what is in them. */
export function numbered<Row>(rows: readonly Row[], kindOf: (row: Row) => string): [row: Row, count: number][] {
  const counts = new Map<string, number>();
  return rows.map((row) => {
    const kind = kindOf(row);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return [row, count];
  });
}

/** A holding, or none where nothing is held. */
export function holding(asset: ChainAsset, units: bigint): WalletBalances['balances'][number][] {
  const quantity = quantityOf(units, asset.decimals);
  return units > 0n && isDecimalText(quantity) ? [{ asset, quantity }] : [];
}

/** The only one that there is; null where there is none, or more than one. */
export function onlyOne(addresses: Iterable<string | undefined>): string | null {
  const [one, ...others] = new Set([...addresses].filter((each) => each !== undefined));
  return others.length === 0 ? (one ?? null) : null;
}

/** Seconds since 1970 as an ISO instant; undefined for what is no time. */
export function instantOf(seconds: unknown): string | undefined {
  const number = typeof seconds === 'string' && /^\d{1,11}$/.test(seconds) ? Number(seconds) : integerOf(seconds);
  return number === undefined || number < 0 || number > 1e11 ? undefined : new Date(number * 1_000).toISOString();
}
