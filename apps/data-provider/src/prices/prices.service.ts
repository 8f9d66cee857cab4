import { Injectable } from '@nestjs/common';
import { addDays, type Day, dayOf } from '@scani/money';
import { type History, type Outcome, type PriceProvider, ProviderError, type Refused } from '@scani/providers';
import { Invalid, Unavailable } from '@scani/runtime';
import { Outside } from '../outside/outside.js';
import { PriceCache } from './price-cache.js';
import type { PricedAsset, PricesAnswer } from './prices.dto.js';
import { isPassing, problemOf, type SourceRefusal } from './reasons.js';

interface Candidate {
  readonly provider: PriceProvider;
  readonly key: string;
}

/** An asset on its way through its sources, best first. */
interface Search {
  readonly asset: PricedAsset;
  readonly candidates: readonly Candidate[];
  readonly refused: SourceRefusal[];
}

const LONGEST_YEARS = 30;

@Injectable()
export class PricesService {
  constructor(
    private readonly outside: Outside,
    private readonly cache: PriceCache,
  ) {}

  /** Asks the best source of every asset in as few requests as possible, then the next one for what is left. */
  async current(assets: readonly PricedAsset[], signal: AbortSignal): Promise<PricesAnswer> {
    const answer: PricesAnswer = { prices: [], problems: [] };
    let open = assets.map((asset): Search => ({ asset, candidates: this.candidatesOf(asset), refused: [] }));
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

  /** Daily closes of the first source that has any. */
  async history(asset: PricedAsset, from: Day, to: Day, signal: AbortSignal): Promise<PricesAnswer> {
    this.checkRange(from, to);
    const today = dayOf(this.outside.now());
    const end = to < today ? to : today;
    const refused: SourceRefusal[] = [];
    for (const { candidate, start } of this.historyPlan(asset, from, end, today)) {
      const source = candidate.provider.name;
      const history = await this.askHistory(candidate, start, end, signal);
      refused.push(...history.refused.slice(0, 3).map((each) => ({ source, ...each })));
      if (history.quotes.length === 0) continue;
      const prices = history.quotes.map((quote) => ({ id: asset.id, ...quote, source }));
      return { prices, problems: refused.length > 0 ? [problemOf(asset, refused)] : [] };
    }
    const passing = refused.filter(isPassing);
    if (passing.length > 0) {
      const problem = problemOf(asset, passing);
      throw new Unavailable(
        'prices-unavailable',
        `No price source answers: ${problem.detail}.`,
        problem.retryAfterSeconds ?? undefined,
      );
    }
    const nothingAsked = this.candidatesOf(asset).length === 0;
    return { prices: [], problems: refused.length > 0 || nothingAsked ? [problemOf(asset, refused)] : [] };
  }

  private candidatesOf(asset: PricedAsset): Candidate[] {
    return this.outside.providers.prices[asset.kind].flatMap((provider) => {
      const key = provider.keyOf(asset);
      return key === undefined ? [] : [{ provider, key }];
    });
  }

  /** Sources that reach back far enough come first; the others give what they have. */
  private historyPlan(asset: PricedAsset, from: Day, to: Day, today: Day): { candidate: Candidate; start: Day }[] {
    const plan = this.candidatesOf(asset).map((candidate) => {
      const { historyDays } = candidate.provider;
      const earliest = historyDays === undefined ? from : addDays(today, -historyDays);
      return { candidate, start: earliest > from ? earliest : from };
    });
    return [
      ...plan.filter(({ start }) => start === from),
      ...plan.filter(({ start }) => start !== from && start <= to),
    ];
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

  private async askHistory({ provider, key }: Candidate, from: Day, to: Day, signal: AbortSignal): Promise<History> {
    const name = `${provider.name} ${key} ${from} ${to}`;
    const known = await this.cache.history(name);
    if (known) return known;
    try {
      const history = await provider.priceHistory(key, from, to, this.outside.lend(provider.name, signal));
      await this.cache.keepHistory(name, history);
      return history;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { quotes: [], refused: [error.asRefused()] };
    }
  }

  private checkRange(from: Day, to: Day): void {
    const problems: { pointer: string; detail: string }[] = [];
    if (from > to) problems.push({ pointer: '/to', detail: 'must not be before "from"' });
    if (from > dayOf(this.outside.now())) problems.push({ pointer: '/from', detail: 'must not be in the future' });
    if (addDays(from, 366 * LONGEST_YEARS) < to) {
      problems.push({ pointer: '/from', detail: `must not be more than ${LONGEST_YEARS} years before "to"` });
    }
    if (problems.length > 0) throw new Invalid('bad-range', 'These days cannot be asked for.', problems);
  }
}

const SILENT: Refused = { reason: 'bad-answer', detail: 'the source left this asset out' };
