import type { History, Outcome } from '@scani/providers';
import { LRUCache } from 'lru-cache';

const MOST_PRICES = 50_000;
const MOST_HISTORY_QUOTES = 500_000;
const INTRADAY_MS = 60_000;
const DAILY_MS = 600_000;
const UNKNOWN_MS = 600_000;
const HISTORY_MS = 3_600_000;

/** What the sources said a moment ago. Bounded; trouble is never kept. */
export class PriceCache {
  private readonly current = new LRUCache<string, Outcome>({ max: MOST_PRICES });
  private readonly histories = new LRUCache<string, History>({
    maxSize: MOST_HISTORY_QUOTES,
    sizeCalculation: (history) => history.quotes.length + 1,
    ttl: HISTORY_MS,
  });

  outcome(provider: string, key: string): Outcome | undefined {
    return this.current.get(`${provider} ${key}`);
  }

  keepOutcome(provider: string, key: string, outcome: Outcome): void {
    const ttl = ttlOf(outcome);
    if (ttl > 0) this.current.set(`${provider} ${key}`, outcome, { ttl });
  }

  history(key: string): History | undefined {
    return this.histories.get(key);
  }

  keepHistory(key: string, history: History): void {
    this.histories.set(key, history);
  }
}

function ttlOf(outcome: Outcome): number {
  if ('quote' in outcome) return outcome.quote.granularity === 'daily' ? DAILY_MS : INTRADAY_MS;
  switch (outcome.refused.reason) {
    case 'unknown-asset':
      return UNKNOWN_MS;
    case 'no-price':
    case 'zero-or-negative':
    case 'from-the-future':
    case 'bad-answer':
      return INTRADAY_MS;
    default:
      return 0;
  }
}
