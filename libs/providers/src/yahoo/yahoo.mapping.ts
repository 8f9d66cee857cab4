import { type Day, dayOf, decimal, decimalText } from '@scani/money';
import { accept, refuse, sorted } from '../accept.js';
import type { AssetMatch, History, Outcome } from '../provider.js';
import { NAME } from './yahoo.client.js';
import type { Bar, Chart, FoundSymbol } from './yahoo.responses.js';

/** Hundredths in which some markets quote. */
const MINOR_UNITS: Readonly<Record<string, string>> = { GBp: 'GBP', GBX: 'GBP', ZAc: 'ZAR', ILA: 'ILS' };

const DAY_SECONDS = 86_400;

export function marketOutcome(chart: Chart | undefined, now: Date): Outcome {
  if (!chart) return refuse('unknown-asset', 'Yahoo Finance does not know this symbol');
  if (chart.currency === undefined) return refuse('no-price', 'the source has no market for it');
  const seconds = chart.marketTimeSeconds;
  const at = seconds === undefined ? '' : new Date(seconds * 1000).toISOString();
  return accept({ ...majorUnits(chart.marketPrice, chart.currency), at, granularity: 'intraday' }, now);
}

/**
 * A bar is stamped with the opening of its session, so its close is one session later. The day is the UTC day of the
 * close: that of the exchange's calendar too, from Sydney to New York.
 */
export function dailyCloses(chart: Chart, from: Day, to: Day, now: Date): History {
  const { currency } = chart;
  if (currency === undefined) return { quotes: [], refused: [] };
  const closeOf = (bar: Bar) => new Date((bar.opensAtSeconds + (chart.sessionSeconds ?? DAY_SECONDS - 1)) * 1000);
  const finished = chart.bars.filter((bar) => {
    const at = closeOf(bar);
    return bar.close !== undefined && at <= now && dayOf(at) >= from && dayOf(at) <= to;
  });
  return sorted(
    finished.map((bar) =>
      accept({ ...majorUnits(bar.close, currency), at: closeOf(bar).toISOString(), granularity: 'daily' }, now),
    ),
  );
}

function majorUnits(value: string | undefined, currency: string): { value: string | undefined; currency: string } {
  const major = MINOR_UNITS[currency];
  if (major === undefined || value === undefined) return { value, currency: major ?? currency };
  return { value: decimalText(decimal(value).div(100)), currency: major };
}

const SHARES = new Set(['EQUITY', 'ETF', 'MUTUALFUND']);

/** Shares and funds only: coins and currencies have sources of their own, indices and options cannot be held. */
export function matchesOf(found: readonly FoundSymbol[]): AssetMatch[] {
  return found
    .filter((each) => SHARES.has(each.type))
    .map((each) => ({
      provider: NAME,
      externalId: each.symbol,
      symbol: each.symbol,
      name: each.name,
      kind: 'stock',
      marketSegment: each.exchange,
    }));
}
