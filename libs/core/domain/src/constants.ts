import { DAY_MS, decimal } from '@scani/money';

/** The product's constants, each once, with its unit in its name. */

/** Assets at or above this probability of being a scam are not counted. */
export const SCAM_LIMIT = decimal('0.35');
/** Gaps between a balance and its transactions up to this are rounding. */
export const UNEXPLAINED_LIMIT = decimal('0.000000000001');
/** Valuations at most this old take a price of any granularity; older ones prefer daily closes. */
export const FRESH_VALUATION_MS = 36 * 3_600_000;
/** From this age on a price is still used, and called stale. */
export const STALE_INTRADAY_MS = 7 * DAY_MS;
export const STALE_DAILY_MS = 45 * DAY_MS;
/** Percent of a scope's holdings that must be known for its figure to be called so. */
export const FULL_PERCENT = 95;
export const ESTIMATED_PERCENT = 50;
/** Decimals to which the value of one holding is rounded, half to even; sums of values are exact. */
export const VALUE_DECIMALS = 8;
/** Decimals in which quantities are walked, exactly; no asset has more. */
export const QUANTITY_DECIMALS = 24;
/** Decimals in which costs, proceeds and unit prices of lots are counted, half to even. */
export const COST_DECIMALS = 36;
/** Decimals of a conversion rate, half to even. */
export const RATE_DECIMALS = 36;
/** Currencies through which prices are converted, besides the base and the asset's own quote currencies. */
export const HUB_SYMBOLS = ['USD', 'USDT', 'EUR'] as const;
/** Sides of a transfer may differ by this part of the outflow, in percent, and by this time, to be linked unasked. */
export const LINK_QUANTITY_PERCENT = 1n;
export const LINK_WINDOW_MS = 30 * 60_000;
/** What the review of transfers looks at: percent of the outflow, and time. */
export const REVIEW_QUANTITY_PERCENT = 10n;
export const REVIEW_WINDOW_MS = 7 * DAY_MS;

/** Decimals of an interest payout, half to even. */
export const YIELD_DECIMALS = 8;
/** Payouts that were due longer ago than this are not made up for. */
export const MOST_ACCRUED_DAYS = 366;
