import { Inject, Injectable } from '@nestjs/common';
import type { RedisClient } from '@scani/jobs';
import type { History, Outcome } from '@scani/providers';
import { Outside } from '../outside/outside.js';
import { SHARED_CACHE_BYTES, SHARED_REDIS } from '../shared/shared.module.js';
import { SharedCache } from '../shared/shared-cache.js';

const OWN_PRICES = 8_000_000;
const OWN_HISTORIES = 40_000_000;
/** Histories are the larger part of what is worth keeping; the rest is for chains and searches. */
const SHARED_PRICES = 0.1;
const SHARED_HISTORIES = 0.65;
const INTRADAY_MS = 60_000;
const DAILY_MS = 600_000;
const UNKNOWN_MS = 600_000;
const HISTORY_MS = 3_600_000;

/** What the sources said a moment ago. Trouble is never kept. */
@Injectable()
export class PriceCache {
  private readonly current: SharedCache<Outcome>;
  private readonly histories: SharedCache<History>;

  constructor(
    outside: Outside,
    @Inject(SHARED_REDIS) redis: RedisClient | null,
    @Inject(SHARED_CACHE_BYTES) bytes: number,
  ) {
    const now = (): number => outside.now().getTime();
    const part = (of: number): number => Math.floor(bytes * of);
    this.current = new SharedCache('prices', { own: OWN_PRICES, shared: part(SHARED_PRICES) }, redis, now);
    this.histories = new SharedCache('histories', { own: OWN_HISTORIES, shared: part(SHARED_HISTORIES) }, redis, now);
  }

  /** Of the keys of a provider those that are known. */
  async outcomes(provider: string, keys: readonly string[]): Promise<Map<string, Outcome>> {
    const known = await this.current.many(keys.map((key) => nameOf(provider, key)));
    return new Map(
      keys.flatMap((key): [string, Outcome][] => {
        const outcome = known.get(nameOf(provider, key));
        return outcome ? [[key, outcome]] : [];
      }),
    );
  }

  keepOutcomes(provider: string, outcomes: ReadonlyMap<string, Outcome>): Promise<void> {
    return this.current.keep(
      [...outcomes].map(([key, value]) => ({ key: nameOf(provider, key), value, ttlMs: ttlOf(value) })),
    );
  }

  history(key: string, ask: () => Promise<History>): Promise<History> {
    return this.histories.through(key, ask, () => HISTORY_MS);
  }
}

const nameOf = (provider: string, key: string): string => `${provider} ${key}`;

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
