import { type Decimal, decimalText, divided, fixedDecimal, fixedOf, powerOfTen } from '@scani/money';
import { type FixedRate } from './figure.js';
import { FRESH_VALUATION_MS, RATE_DECIMALS, STALE_DAILY_MS, STALE_INTRADAY_MS } from './constants.js';

const ONE_UNIT = powerOfTen(RATE_DECIMALS);
const ONE_UNIT_SQUARED = ONE_UNIT * ONE_UNIT;

/** One quote: `value` units of the quote asset for one unit of the asset, at an instant (ms). */
export interface Quote {
  at: number;
  value: Decimal;
  daily: boolean;
  source: string;
}

/** The quotes of one pair in columns, ascending in time; years of them are kept without an object for each. */
export interface QuoteColumns {
  instants: readonly number[];
  /** Plain decimal notation. */
  values: readonly string[];
  daily: readonly boolean[];
  sources: readonly string[];
}

/** One step of a conversion. `inverted`: the quote was found the other way round. */
export class Leg {
  constructor(
    readonly from: string,
    readonly to: string,
    /** Units of 10^-RATE_DECIMALS. */
    readonly units: bigint,
    readonly at: number,
    readonly daily: boolean,
    readonly inverted: boolean,
    readonly source: string,
  ) {}

  get value(): Decimal {
    return fixedDecimal(this.units, RATE_DECIMALS);
  }
}

/** What one unit costs in the base. `effectiveAt` is the age of the oldest leg. */
export class Rate {
  constructor(
    /** Units of 10^-RATE_DECIMALS. */
    readonly units: bigint,
    readonly effectiveAt: number,
    readonly stale: boolean,
    readonly legs: readonly Leg[],
  ) {}

  get value(): Decimal {
    return fixedDecimal(this.units, RATE_DECIMALS);
  }
}

/** What one unit costs in the base at ascending instants, in columns. */
export interface RateColumns {
  rates: (FixedRate | undefined)[];
  stale: Uint8Array;
  /** What the asset is quoted in, on the way taken. */
  currencies: (string | undefined)[];
}

interface Series {
  at: Float64Array;
  units: bigint[];
  sources: readonly string[];
  /** Positions of the daily closes. */
  daily: Int32Array;
  isDaily: Uint8Array;
}

/** All prices that a valuation may use, as a graph over asset ids, and the way through it. */
export class PriceGraph {
  private readonly series = new Map<string, Map<string, Series>>();

  /** `hubs`: ids of the currencies through which prices are converted (USD, USDT, EUR). */
  constructor(private readonly hubs: readonly string[]) {}

  /** Adds the quotes of one pair, in any order. Zero and negative prices are refused with RangeError. */
  add(asset: string, quote: string, quotes: readonly Quote[]): void {
    const ascending = quotes.toSorted((one, other) => one.at - other.at);
    this.addColumns(asset, quote, {
      instants: ascending.map((one) => one.at),
      values: ascending.map((one) => decimalText(one.value)),
      daily: ascending.map((one) => one.daily),
      sources: ascending.map((one) => one.source),
    });
  }

  /** The only quotes of one pair, ascending in time. Zero and negative prices are refused with RangeError. */
  addColumns(asset: string, quote: string, columns: QuoteColumns): void {
    const units = columns.values.map((value) => fixedOf(value, RATE_DECIMALS));
    if (units.some((value) => value <= 0n)) throw new RangeError(`price of ${asset} is not above zero`);
    const of = this.series.get(asset) ?? new Map<string, Series>();
    of.set(quote, {
      at: Float64Array.from(columns.instants),
      units,
      sources: columns.sources,
      isDaily: Uint8Array.from(columns.daily, Number),
      daily: Int32Array.from(columns.daily.flatMap((daily, index) => (daily ? [index] : []))),
    });
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
    if (asset === base) return new Rate(ONE_UNIT, at, false, []);
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

  /** The same at many instants. */
  rateColumns(asset: string, base: string, instants: readonly number[], now: number): RateColumns {
    const columns: RateColumns = { rates: [], stale: new Uint8Array(instants.length), currencies: [] };
    for (const [index, at] of instants.entries()) {
      const rate = this.rate(asset, base, at, now);
      // Without the way: years of days are kept.
      columns.rates.push(rate && { units: rate.units });
      if (rate?.stale) columns.stale[index] = 1;
      columns.currencies.push(rate?.legs[0]?.to);
    }
    return columns;
  }

  private stops(asset: string, base: string): string[] {
    const own = [...(this.series.get(asset)?.keys() ?? [])];
    return [...new Set([...own, ...this.hubs])].filter((stop) => stop !== asset && stop !== base);
  }

  private leg(from: string, to: string, at: number, anyGranularity: boolean): Leg | undefined {
    return this.quoted(from, to, at, anyGranularity, false) ?? this.quoted(to, from, at, anyGranularity, true);
  }

  private quoted(
    asset: string,
    quote: string,
    at: number,
    anyGranularity: boolean,
    inverted: boolean,
  ): Leg | undefined {
    const series = this.series.get(asset)?.get(quote);
    if (!series) return undefined;
    const index = anyGranularity ? lastUpTo(series.at, at) : (closeUpTo(series, at) ?? lastUpTo(series.at, at));
    const units = index === undefined ? undefined : series.units[index];
    if (index === undefined || units === undefined) return undefined;
    const [from, to] = inverted ? [quote, asset] : [asset, quote];
    const value = inverted ? divided(ONE_UNIT_SQUARED, units) : units;
    return new Leg(
      from,
      to,
      value,
      series.at[index] ?? 0,
      series.isDaily[index] === 1,
      inverted,
      series.sources[index] ?? '',
    );
  }
}

/** Position of the last instant up to `at`, by bisection. */
function lastUpTo(instants: Float64Array, at: number): number | undefined {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : low - 1;
}

function closeUpTo({ at: instants, daily }: Series, at: number): number | undefined {
  let low = 0;
  let high = daily.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[daily[middle] ?? 0] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : daily[low - 1];
}

function rateOf(legs: readonly Leg[], at: number): Rate {
  let units: bigint | undefined;
  let effectiveAt = Infinity;
  let stale = false;
  for (const leg of legs) {
    units = units === undefined ? leg.units : divided(units * leg.units, ONE_UNIT);
    effectiveAt = Math.min(effectiveAt, leg.at);
    stale ||= at - leg.at > (leg.daily ? STALE_DAILY_MS : STALE_INTRADAY_MS);
  }
  return new Rate(units ?? ONE_UNIT, effectiveAt, stale, legs);
}

function freshest(rates: readonly Rate[]): Rate | undefined {
  return rates.reduce<Rate | undefined>(
    (best, rate) => (best && best.effectiveAt >= rate.effectiveAt ? best : rate),
    undefined,
  );
}
