import { decimal, isDecimalText } from '@scani/money';
import { type Fields, fieldsOf, listOf, textOf, textOrNullOf, unexpected, wordOf, wordsOf } from './answer.fields.js';
import type {
  AssetMatch,
  Capabilities,
  KeyLimit,
  KeyState,
  LinkPreview,
  PriceHistory,
  PriceProblem,
  PriceQuote,
} from './cloud.types.js';

export interface Prices {
  readonly prices: PriceQuote[];
  readonly problems: PriceProblem[];
}

export function pricesOf(body: unknown): Prices {
  return { prices: listOf(body, 'prices').map(quoteOf), problems: listOf(body, 'problems').map(problemOf) };
}

/** One line of a stream of histories, or its end. */
export function historyLineOf(text: string): PriceHistory | 'end' {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw unexpected('line');
  }
  const fields = fieldsOf(line, 'line');
  if (fields['end'] === true) return 'end';
  const id = textOf(fields, 'id');
  return {
    id,
    prices: listOf(fields, 'parts').flatMap((part) => closesOf(id, part)),
    problem: fields['problem'] === null ? null : problemOf(fieldsOf(fields['problem'], 'problem')),
    trouble: fields['trouble'] === true,
  };
}

function closesOf(id: string, part: Fields): PriceQuote[] {
  const [source, currency, closes] = [textOf(part, 'source'), textOf(part, 'currency'), part['closes']];
  if (!Array.isArray(closes)) throw unexpected('closes');
  return closes.map((close: unknown) => {
    const [at, value] = Array.isArray(close) ? (close as unknown[]) : [];
    return quoteOf({ id, at, value, currency, granularity: 'daily', source });
  });
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

export function linkPreviewOf(body: unknown): LinkPreview {
  const fields = fieldsOf(body, 'link preview');
  return {
    url: textOf(fields, 'url'),
    title: textOrNullOf(fields, 'title'),
    description: textOrNullOf(fields, 'description'),
    siteName: textOrNullOf(fields, 'siteName'),
    imageUrl: textOrNullOf(fields, 'imageUrl'),
    iconUrl: textOrNullOf(fields, 'iconUrl'),
  };
}

export function capabilitiesOf(body: unknown): Capabilities {
  const fields = fieldsOf(body, 'capabilities');
  if (typeof fields['mail'] !== 'boolean') throw unexpected('mail');
  const levels = fields['levels'] ?? [1];
  if (!Array.isArray(levels) || !levels.every((each) => Number.isSafeInteger(each))) throw unexpected('levels');
  const key = fields['key'] === undefined || fields['key'] === null ? null : keyOf(fieldsOf(fields['key'], 'key'));
  return {
    version: textOf(fields, 'version'),
    levels: levels as number[],
    mail: fields['mail'],
    prices: wordsOf(fields, 'prices'),
    linkPreviews: fields['linkPreviews'] === true,
    chains: fields['chains'] === undefined ? [] : wordsOf(fields, 'chains'),
    ai: fields['ai'] === undefined ? [] : wordsOf(fields, 'ai'),
    key,
  };
}

function keyOf(fields: Fields): KeyState {
  const cost = fieldsOf(fields['cost'], 'cost');
  return {
    name: textOf(fields, 'name'),
    plan: textOf(fields, 'plan'),
    scopes: wordsOf(fields, 'scopes'),
    expiresAt: fields['expiresAt'] === null ? null : textOf(fields, 'expiresAt'),
    hour: limitOf(fieldsOf(fields['hour'], 'hour')),
    month: limitOf(fieldsOf(fields['month'], 'month')),
    cost: { ceiling: cost['ceiling'] === null ? null : textOf(cost, 'ceiling'), used: textOf(cost, 'used') },
  };
}

function limitOf(fields: Fields): KeyLimit {
  const { quota, used } = fields;
  if (typeof quota !== 'number') throw unexpected('quota');
  if (typeof used !== 'number') throw unexpected('used');
  return { quota, used, resetsAt: textOf(fields, 'resetsAt') };
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
