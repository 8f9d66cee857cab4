import { Injectable } from '@nestjs/common';
import { addDays, type Day, dayOf } from '@scani/money';
import { type History, ProviderError, type Quote } from '@scani/providers';
import { Invalid, Unavailable } from '@scani/runtime';
import pLimit from 'p-limit';
import { yearsOf } from '../keys/tariff.js';
import { Outside } from '../outside/outside.js';
import { type Candidate, candidatesOf } from './candidates.js';
import { PriceCache } from './price-cache.js';
import { HISTORY_YEARS } from './prices.dto.js';
import type {
  AskPriceHistory,
  ClosesPart,
  HistoryLine,
  PricedAsset,
  PriceProblem,
  PricesAnswer,
} from './prices.dto.js';
import { isPassing, problemOf, type SourceRefusal } from './reasons.js';

interface Found {
  readonly quotes: readonly (Quote & { readonly source: string })[];
  readonly problem: PriceProblem | null;
  /** Nothing was found, and asking again may help. */
  readonly trouble: boolean;
}

const LONGEST_YEARS = 30;
const AT_ONCE = 8;

/** Daily closes, of the first source that has any. */
@Injectable()
export class HistoriesService {
  constructor(
    private readonly outside: Outside,
    private readonly cache: PriceCache,
  ) {}

  async one({ asset, from, to }: AskPriceHistory, signal: AbortSignal): Promise<PricesAnswer> {
    const problems = this.wrongOf({ from, to }, '');
    if (problems.length > 0) throw new Invalid('bad-range', BAD_RANGE, problems);
    const { quotes, problem, trouble } = await this.find({ asset, from, to }, signal);
    if (trouble && problem) {
      throw new Unavailable(
        'prices-unavailable',
        `No price source answers: ${problem.detail}.`,
        problem.retryAfterSeconds ?? undefined,
      );
    }
    return { prices: quotes.map((quote) => ({ id: asset.id, ...quote })), problems: problem ? [problem] : [] };
  }

  /** A line for each, whichever is found first. Throws Invalid before the first one. */
  many(wanted: readonly AskPriceHistory[], signal: AbortSignal): AsyncGenerator<HistoryLine> {
    const problems = wanted.flatMap((each, at) => this.wrongOf(each, `/histories/${at}`));
    const ids = new Set(wanted.map(({ asset }) => asset.id));
    if (ids.size < wanted.length) problems.push({ pointer: '/histories', detail: 'must not have one "id" twice' });
    const years = wanted.reduce((sum, each) => sum + yearsOf(each), 0);
    if (years > HISTORY_YEARS) {
      problems.push({ pointer: '/histories', detail: `must not be more than ${HISTORY_YEARS} years together` });
    }
    if (problems.length > 0) throw new Invalid('bad-range', BAD_RANGE, problems);
    return this.eachOf(wanted, signal);
  }

  private async *eachOf(wanted: readonly AskPriceHistory[], signal: AbortSignal): AsyncGenerator<HistoryLine> {
    const turns = pLimit(AT_ONCE);
    const open = new Map(
      wanted.map((each, at) => {
        const line = turns(async () => ({ at, found: signal.aborted ? NOTHING : await this.find(each, signal) }));
        // Whoever hears of the first that breaks need not hear of the others.
        line.catch(() => undefined);
        return [at, line] as const;
      }),
    );
    while (open.size > 0 && !signal.aborted) {
      const { at, found } = await Promise.race(open.values());
      open.delete(at);
      yield lineOf(wanted[at]?.asset.id ?? '', found);
    }
  }

  private async find({ asset, from, to }: AskPriceHistory, signal: AbortSignal): Promise<Found> {
    const today = dayOf(this.outside.now());
    const end = to < today ? to : today;
    const refused: SourceRefusal[] = [];
    for (const { candidate, start } of this.planOf(asset, from, end, today)) {
      const source = candidate.provider.name;
      const history = await this.ask(candidate, start, end, signal);
      refused.push(...history.refused.slice(0, 3).map((each) => ({ source, ...each })));
      if (history.quotes.length === 0) continue;
      const quotes = history.quotes.map((quote) => ({ ...quote, source }));
      return { quotes, problem: refused.length > 0 ? problemOf(asset, refused) : null, trouble: false };
    }
    const passing = refused.filter(isPassing);
    if (passing.length > 0) return { quotes: [], problem: problemOf(asset, passing), trouble: true };
    const nothingAsked = candidatesOf(this.outside, asset).length === 0;
    const problem = refused.length > 0 || nothingAsked ? problemOf(asset, refused) : null;
    return { quotes: [], problem, trouble: false };
  }

  /** Sources that reach back far enough come first; the others give what they have. */
  private planOf(asset: PricedAsset, from: Day, to: Day, today: Day): { candidate: Candidate; start: Day }[] {
    const plan = candidatesOf(this.outside, asset).map((candidate) => {
      const { historyDays } = candidate.provider;
      const earliest = historyDays === undefined ? from : addDays(today, -historyDays);
      return { candidate, start: earliest > from ? earliest : from };
    });
    return [
      ...plan.filter(({ start }) => start === from),
      ...plan.filter(({ start }) => start !== from && start <= to),
    ];
  }

  private async ask({ provider, key }: Candidate, from: Day, to: Day, signal: AbortSignal): Promise<History> {
    const name = `${provider.name} ${key} ${from} ${to}`;
    const ask = (): Promise<History> => provider.priceHistory(key, from, to, this.outside.lend(provider.name, signal));
    try {
      return await this.cache.history(name, ask);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { quotes: [], refused: [error.asRefused()] };
    }
  }

  private wrongOf({ from, to }: { from: Day; to: Day }, at: string): { pointer: string; detail: string }[] {
    const problems: { pointer: string; detail: string }[] = [];
    if (from > to) problems.push({ pointer: `${at}/to`, detail: 'must not be before "from"' });
    if (from > dayOf(this.outside.now())) {
      problems.push({ pointer: `${at}/from`, detail: 'must not be in the future' });
    }
    if (addDays(from, 366 * LONGEST_YEARS) < to) {
      problems.push({ pointer: `${at}/from`, detail: `must not be more than ${LONGEST_YEARS} years before "to"` });
    }
    return problems;
  }
}

const BAD_RANGE = 'These days cannot be asked for.';
const NOTHING: Found = { quotes: [], problem: null, trouble: false };

/** What all closes of a source have in common is said once. */
function lineOf(id: string, { quotes, problem, trouble }: Found): HistoryLine {
  const parts: ClosesPart[] = [];
  for (const { at, value, source, currency } of quotes) {
    let part = parts.at(-1);
    if (part?.source !== source || part.currency !== currency) parts.push((part = { source, currency, closes: [] }));
    part.closes.push([at, value]);
  }
  return { id, parts, problem, trouble };
}
