import { decimal, isDecimalText } from '@scani/money';
import { CloudError } from './cloud.error.js';
import type { AssetMatch, Capabilities, PriceProblem, PriceQuote } from './cloud.types.js';

/** The other side may be somebody else's and of another version: nothing of it is taken on trust. */
type Fields = Readonly<Record<string, unknown>>;

export interface Prices {
  readonly prices: PriceQuote[];
  readonly problems: PriceProblem[];
}

export function pricesOf(body: unknown): Prices {
  return { prices: listOf(body, 'prices').map(quoteOf), problems: listOf(body, 'problems').map(problemOf) };
}

export function matchesOf(body: unknown): AssetMatch[] {
  return listOf(body, 'matches').map((each) => ({
    provider: textOf(each, 'provider'),
    externalId: textOf(each, 'externalId'),
    symbol: textOf(each, 'symbol'),
    name: textOf(each, 'name'),
    kind: wordOf(each, 'kind', ['fiat', 'crypto', 'stock', 'private', 'other']),
    marketSegment: textOf(each, 'marketSegment'),
  }));
}

export function capabilitiesOf(body: unknown): Capabilities {
  const fields = fieldsOf(body, 'capabilities');
  const prices = fields['prices'];
  if (typeof fields['mail'] !== 'boolean') throw unexpected('mail');
  if (!Array.isArray(prices) || !prices.every((each) => typeof each === 'string')) throw unexpected('prices');
  return { version: textOf(fields, 'version'), mail: fields['mail'], prices };
}

function quoteOf(fields: Fields): PriceQuote {
  const value = textOf(fields, 'value');
  const at = textOf(fields, 'at');
  if (!isDecimalText(value) || !decimal(value).greaterThan(0)) throw unexpected('value');
  if (Number.isNaN(Date.parse(at))) throw unexpected('at');
  return {
    id: textOf(fields, 'id'),
    value,
    currency: textOf(fields, 'currency'),
    at,
    granularity: wordOf(fields, 'granularity', ['intraday', 'daily']),
    source: textOf(fields, 'source'),
  };
}

function problemOf(fields: Fields): PriceProblem {
  const after = fields['retryAfterSeconds'];
  return {
    id: textOf(fields, 'id'),
    reason: textOf(fields, 'reason'),
    detail: textOf(fields, 'detail'),
    retryAfterSeconds: typeof after === 'number' && after >= 0 ? after : null,
  };
}

function listOf(body: unknown, name: string): Fields[] {
  const list = fieldsOf(body, name)[name];
  if (!Array.isArray(list)) throw unexpected(name);
  return list.map((each) => fieldsOf(each, name));
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(name);
  return value as Fields;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw unexpected(name);
  return value;
}

function wordOf<const W extends string>(fields: Fields, name: string, words: readonly W[]): W {
  const word = words.find((each) => each === fields[name]);
  if (word === undefined) throw unexpected(name);
  return word;
}

const unexpected = (name: string): CloudError =>
  new CloudError('failed', `the data-provider answered with an unexpected "${name}"; is its version the same as ours?`);
