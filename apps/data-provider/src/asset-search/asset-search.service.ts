import { Inject, Injectable } from '@nestjs/common';
import type { RedisClient } from '@scani/jobs';
import { type AssetMatch, type AssetSearch, ProviderError } from '@scani/providers';
import { Unavailable } from '@scani/runtime';
import { Outside } from '../outside/outside.js';
import { SHARED_CACHE_BYTES, SHARED_REDIS } from '../shared/shared.module.js';
import { SharedCache } from '../shared/shared-cache.js';
import type { AssetMatches } from './asset-search.dto.js';

const MOST_MATCHES = 40;
const OWN = 8_000_000;
/** Of what all may take. */
const SHARED = 0.05;
const MATCHES_MS = 900_000;

@Injectable()
export class AssetSearchService {
  private readonly cache: SharedCache<readonly AssetMatch[]>;

  constructor(
    private readonly outside: Outside,
    @Inject(SHARED_REDIS) redis: RedisClient | null,
    @Inject(SHARED_CACHE_BYTES) bytes: number,
  ) {
    this.cache = new SharedCache('matches', { own: OWN, shared: Math.floor(bytes * SHARED) }, redis);
  }

  /** Asks all sources at once; one that is silent does not hide the others. */
  async search(query: string, signal: AbortSignal): Promise<AssetMatches> {
    const sources = this.outside.providers.search;
    const answers = await Promise.all(sources.map((source) => this.ask(source, query, signal)));
    const failures = answers.filter((answer) => answer instanceof ProviderError);
    if (failures.length === sources.length) {
      const waits = failures.flatMap((failure) => failure.retryAfterSeconds ?? []);
      const detail = failures.map((failure) => failure.message).join('; ');
      throw new Unavailable(
        'search-unavailable',
        `No source answers: ${detail}.`,
        waits.length > 0 ? Math.min(...waits) : undefined,
      );
    }
    const matches = answers.flatMap((answer) => (answer instanceof ProviderError ? [] : answer));
    return {
      matches: byCloseness(matches, query.toLowerCase()).slice(0, MOST_MATCHES),
      silent: failures.map((failure) => ({ source: failure.provider, reason: failure.code })),
    };
  }

  private async ask(
    source: AssetSearch,
    query: string,
    signal: AbortSignal,
  ): Promise<readonly AssetMatch[] | ProviderError> {
    const key = `${source.name} ${query.toLowerCase()}`;
    const ask = (): Promise<readonly AssetMatch[]> =>
      source.searchAssets(query, this.outside.lend(source.name, signal));
    try {
      return await this.cache.through(key, ask, () => MATCHES_MS);
    } catch (error) {
      if (error instanceof ProviderError) return error;
      throw error;
    }
  }
}

/** The ticker or the whole name first, then beginnings, then the rest; within that each source's own order. */
function byCloseness(matches: readonly AssetMatch[], query: string): AssetMatch[] {
  const distance = ({ symbol, name }: AssetMatch): number => {
    const [ticker, title] = [symbol.toLowerCase(), name.toLowerCase()];
    if (ticker === query || title === query) return 0;
    if (ticker.startsWith(query) || title.startsWith(query)) return 1;
    return 2;
  };
  return matches.toSorted((a, b) => distance(a) - distance(b));
}
