import { decimal } from '@scani/money';
import type { Outcome, Quote, Refused } from './provider.js';

/** Clocks differ a little; what is further ahead than this is from the future. */
const CLOCK_SKEW_MS = 300_000;

export const refuse = (reason: Refused['reason'], detail: string): { refused: Refused } => ({
  refused: { reason, detail },
});

/** The one rule for foreign prices: above zero and not from the future, else refused with the reason. */
export function accept(quote: Omit<Quote, 'value'> & { value: string | undefined }, now: Date): Outcome {
  const { value } = quote;
  if (value === undefined) return refuse('no-price', 'the source has no price');
  if (!decimal(value).greaterThan(0)) return refuse('zero-or-negative', `the source says ${value} ${quote.currency}`);
  const at = Date.parse(quote.at);
  if (Number.isNaN(at)) return refuse('bad-answer', 'the source does not say when the price held');
  if (at > now.getTime() + CLOCK_SKEW_MS) return refuse('from-the-future', `the source dates it ${quote.at}`);
  return { quote: { ...quote, value } };
}

/** Quotes and refusals apart, in order. */
export function sorted(outcomes: readonly Outcome[]): { quotes: Quote[]; refused: Refused[] } {
  const quotes: Quote[] = [];
  const refused: Refused[] = [];
  for (const outcome of outcomes) {
    if ('quote' in outcome) quotes.push(outcome.quote);
    else refused.push(outcome.refused);
  }
  return { quotes, refused };
}
