import { Injectable } from '@nestjs/common';
import { type Outcome, type PriceProvider, ProviderError, type Refused } from '@scani/providers';
import { Outside } from '../outside/outside.js';
import { type Candidate, candidatesOf } from './candidates.js';
import { PriceCache } from './price-cache.js';
import type { PricedAsset, PricesAnswer } from './prices.dto.js';
import { problemOf, type SourceRefusal } from './reasons.js';

/** An asset on its way through its sources, best first. */
interface Search {
  readonly asset: PricedAsset;
  readonly candidates: readonly Candidate[];
  readonly refused: SourceRefusal[];
}

@Injectable()
export class PricesService {
  constructor(
    private readonly outside: Outside,
    private readonly cache: PriceCache,
  ) {}

  /** Asks the best source of every asset in as few requests as possible, then the next one for what is left. */
  async current(assets: readonly PricedAsset[], signal: AbortSignal): Promise<PricesAnswer> {
    const answer: PricesAnswer = { prices: [], problems: [] };
    let open = assets.map((asset): Search => ({ asset, candidates: candidatesOf(this.outside, asset), refused: [] }));
    for (let round = 0; open.length > 0; round++) {
      const asked = await this.askRound(open, round, signal);
      const left: Search[] = [];
      for (const search of open) {
        const candidate = search.candidates[round];
        if (!candidate) {
          answer.problems.push(problemOf(search.asset, search.refused));
          continue;
        }
        const source = candidate.provider.name;
        const outcome = asked.get(source)?.get(candidate.key);
        if (outcome && 'quote' in outcome) answer.prices.push({ id: search.asset.id, ...outcome.quote, source });
        else {
          search.refused.push({ source, ...(outcome?.refused ?? SILENT) });
          left.push(search);
        }
      }
      open = left;
    }
    return answer;
  }

  private async askRound(
    open: readonly Search[],
    round: number,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, Outcome>>> {
    const wanted = new Map<PriceProvider, Set<string>>();
    for (const search of open) {
      const candidate = search.candidates[round];
      if (!candidate) continue;
      const keys = wanted.get(candidate.provider) ?? new Set();
      wanted.set(candidate.provider, keys.add(candidate.key));
    }
    const answers = [...wanted].map(
      async ([provider, keys]) => [provider.name, await this.askCurrent(provider, keys, signal)] as const,
    );
    return new Map(await Promise.all(answers));
  }

  private async askCurrent(
    provider: PriceProvider,
    keys: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Outcome>> {
    const outcomes = await this.cache.outcomes(provider.name, [...keys]);
    const missing = [...keys].filter((key) => !outcomes.has(key));
    const batches: Promise<void>[] = [];
    for (let start = 0; start < missing.length; start += provider.batchSize) {
      batches.push(this.askBatch(provider, missing.slice(start, start + provider.batchSize), signal, outcomes));
    }
    await Promise.all(batches);
    return outcomes;
  }

  private async askBatch(
    provider: PriceProvider,
    keys: string[],
    signal: AbortSignal,
    into: Map<string, Outcome>,
  ): Promise<void> {
    try {
      const found = await provider.currentPrices(keys, this.outside.lend(provider.name, signal));
      for (const [key, outcome] of found) into.set(key, outcome);
      await this.cache.keepOutcomes(provider.name, found);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      for (const key of keys) into.set(key, { refused: error.asRefused() });
    }
  }
}

const SILENT: Refused = { reason: 'bad-answer', detail: 'the source left this asset out' };
