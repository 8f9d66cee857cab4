import { Injectable } from '@nestjs/common';
import { type AssetMatch, type AssetSearch, ProviderError } from '@scani/providers';
import { Unavailable } from '@scani/runtime';
import { LRUCache } from 'lru-cache';
import { Outside } from '../outside/outside.js';
import type { AssetMatches } from './asset-search.dto.js';

const MOST_MATCHES = 40;

@Injectable()
export class AssetSearchService {
  private readonly cache = new LRUCache<string, readonly AssetMatch[]>({ max: 5_000, ttl: 900_000 });

  constructor(private readonly outside: Outside) {}

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
    const known = this.cache.get(key);
    if (known) return known;
    try {
      const matches = await source.searchAssets(query, this.outside.lend(source.name, signal));
      this.cache.set(key, matches);
      return matches;
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
