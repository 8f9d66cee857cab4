import { Decimal, ONE } from '@scani/money';
import { FRESH_VALUATION_MS, STALE_DAILY_MS, STALE_INTRADAY_MS } from './constants.js';

/** One quote: `value` units of the quote asset for one unit of the asset, at an instant (ms). */
export interface Quote {
  at: number;
  value: Decimal;
  daily: boolean;
  source: string;
}

/** One step of a conversion. `inverted`: the quote was found the other way round. */
export interface Leg {
  from: string;
  to: string;
  value: Decimal;
  at: number;
  daily: boolean;
  inverted: boolean;
  source: string;
}

/** What one unit costs in the base. `effectiveAt` is the age of the oldest leg. */
export interface Rate {
  value: Decimal;
  effectiveAt: number;
  stale: boolean;
  legs: readonly Leg[];
}

interface Series {
  all: Quote[];
  daily: Quote[];
}

/** All prices that a valuation may use, as a graph over asset ids, and the way through it. */
export class PriceGraph {
  private readonly series = new Map<string, Map<string, Series>>();

  /** `hubs`: ids of the currencies through which prices are converted (USD, USDT, EUR). */
  constructor(private readonly hubs: readonly string[]) {}

  /** Adds the quotes of one pair, ascending in time. Zero and negative prices are refused with RangeError. */
  add(asset: string, quote: string, quotes: readonly Quote[]): void {
    if (quotes.some(({ value }) => !value.isPositive() || value.isZero()))
      throw new RangeError(`price of ${asset} is not above zero`);
    const of = this.series.get(asset) ?? new Map<string, Series>();
    const known = of.get(quote) ?? { all: [], daily: [] };
    known.all = merged(known.all, quotes);
    known.daily = known.all.filter((one) => one.daily);
    of.set(quote, known);
    this.series.set(asset, of);
  }

  /** Whether the asset was ever quoted in anything. */
  knows(asset: string): boolean {
    return this.series.has(asset);
  }

  /**
   * The price of `asset` in `base` as known at `at`, seen from `now`: identity, direct, inverted, then through one
   * and then two of the hubs, the base and the asset's own quote currencies; among ways of one length the freshest.
   */
  rate(asset: string, base: string, at: number, now: number): Rate | undefined {
    if (asset === base) return { value: ONE, effectiveAt: at, stale: false, legs: [] };
    const anyGranularity = now - at <= FRESH_VALUATION_MS;
    const leg = (from: string, to: string): Leg | undefined => this.leg(from, to, at, anyGranularity);
    const direct = leg(asset, base);
    if (direct) return rateOf([direct], at);
    const firsts = this.stops(asset, base).flatMap((stop) => leg(asset, stop) ?? []);
    const oneHop = firsts.flatMap((first) => {
      const second = leg(first.to, base);
      return second ? [rateOf([first, second], at)] : [];
    });
    if (oneHop.length > 0) return freshest(oneHop);
    const twoHops = firsts.flatMap((first) =>
      this.hubs.flatMap((hub) => {
        const second = hub === asset || hub === first.to ? undefined : leg(first.to, hub);
        const third = second && leg(hub, base);
        return second && third ? [rateOf([first, second, third], at)] : [];
      }),
    );
    return freshest(twoHops);
  }

  private stops(asset: string, base: string): string[] {
    const own = [...(this.series.get(asset)?.keys() ?? [])];
    return [...new Set([...own, ...this.hubs])].filter((stop) => stop !== asset && stop !== base);
  }

  private leg(from: string, to: string, at: number, anyGranularity: boolean): Leg | undefined {
    const direct = this.quoteAt(from, to, at, anyGranularity);
    if (direct)
      return {
        from,
        to,
        value: direct.value,
        at: direct.at,
        daily: direct.daily,
        inverted: false,
        source: direct.source,
      };
    const back = this.quoteAt(to, from, at, anyGranularity);
    return (
      back && {
        from,
        to,
        value: ONE.div(back.value),
        at: back.at,
        daily: back.daily,
        inverted: true,
        source: back.source,
      }
    );
  }

  private quoteAt(asset: string, quote: string, at: number, anyGranularity: boolean): Quote | undefined {
    const series = this.series.get(asset)?.get(quote);
    if (!series) return undefined;
    return anyGranularity ? latestAt(series.all, at) : (latestAt(series.daily, at) ?? latestAt(series.all, at));
  }
}

function latestAt(quotes: readonly Quote[], at: number): Quote | undefined {
  let low = 0;
  let high = quotes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((quotes[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return quotes[low - 1];
}

function rateOf(legs: readonly Leg[], at: number): Rate {
  return {
    value: legs.reduce((value, leg) => value.times(leg.value), new Decimal(1)),
    effectiveAt: Math.min(...legs.map((leg) => leg.at)),
    stale: legs.some((leg) => at - leg.at > (leg.daily ? STALE_DAILY_MS : STALE_INTRADAY_MS)),
    legs,
  };
}

function freshest(rates: readonly Rate[]): Rate | undefined {
  return rates.reduce<Rate | undefined>(
    (best, rate) => (best && best.effectiveAt >= rate.effectiveAt ? best : rate),
    undefined,
  );
}

function merged(known: readonly Quote[], added: readonly Quote[]): Quote[] {
  return known.length === 0 ? [...added] : [...known, ...added].sort((one, other) => one.at - other.at);
}
