import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { RedisClient } from '@scani/jobs';
import {
  type Http,
  type LanguageModel,
  type Lent,
  openai,
  type Providers,
  providersOf,
  usageIn,
} from '@scani/providers';
import { constant, type Live, liveOf, outbound } from '@scani/runtime';
import { chainSourcesOf } from '../chains/chain-sources.js';
import { costOf } from '../ai/ai.cost.js';
import type { DataProviderEnv } from '../env.js';
import { Budget } from '../shared/budget.js';
import { GuardedHttp, type Policy, type SourceState } from './guarded-http.js';

/** Bounds that tests tighten. */
export interface OutsideOptions {
  readonly timeoutMs?: number;
  readonly modelTimeoutMs?: number;
  readonly policy?: Partial<Policy>;
  /** The longest that balances of many wallets are read for one request. */
  readonly walletsMs?: number;
  now?(): Date;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8_000_000;
const POLICY: Policy = { concurrent: 6, maxWaitMs: 20_000, failures: 5, restMs: 30_000, attempts: 2 };

const NEED_A_KEY: ReadonlySet<string> = new Set(['finnhub', 'google-sheets']);

/** The sources of prices and chains and the model, and the guarded line to each. */
@Injectable()
export class Outside implements OnApplicationShutdown {
  readonly providers: Providers;
  readonly model: LanguageModel;
  private readonly lines: ReadonlyMap<string, GuardedHttp>;
  private readonly notForPrices: ReadonlySet<string>;
  private readonly clock: () => Date;
  private readonly keys: Readonly<Record<string, Live<unknown>>>;

  constructor(env: DataProviderEnv, options: OutsideOptions, redis: RedisClient | null) {
    const coingeckoKey = liveOf(env, 'COINGECKO_API_KEY');
    const finnhubKey = liveOf(env, 'FINNHUB_API_KEY');
    const sheetAccount =
      env.GOOGLE_SHEETS_ID === undefined ? constant(undefined) : liveOf(env, 'GOOGLE_SERVICE_ACCOUNT_KEY');
    const openaiKey = liveOf(env, 'OPENAI_API_KEY');
    const chains = chainSourcesOf(env);
    this.keys = {
      coingecko: coingeckoKey,
      finnhub: finnhubKey,
      openai: openaiKey,
      'google-sheets': sheetAccount,
      ...chains.keys,
    };
    this.model = openai({
      url: env.AI_URL,
      model: env.AI_MODEL,
      maxTokens: env.AI_MAX_TOKENS,
      get apiKey() {
        return openaiKey.current;
      },
    });
    this.providers = providersOf({
      coingecko: {
        url: env.COINGECKO_URL,
        get apiKey() {
          return coingeckoKey.current;
        },
      },
      defillama: { url: env.DEFILLAMA_URL },
      yahoo: { url: env.YAHOO_URL },
      finnhub: {
        url: env.FINNHUB_URL,
        get apiKey() {
          return finnhubKey.current;
        },
      },
      frankfurter: { url: env.FRANKFURTER_URL },
      ecb: { url: env.ECB_URL },
      googleSheets: {
        url: env.GOOGLE_SHEETS_URL,
        tokenUrl: env.GOOGLE_TOKEN_URL,
        spreadsheetId: env.GOOGLE_SHEETS_ID,
        range: env.GOOGLE_SHEETS_RANGE,
        get account() {
          return sheetAccount.current;
        },
      },
      ...chains.settings,
    });
    const budgets = {
      coingecko: env.COINGECKO_PER_MINUTE,
      defillama: env.DEFILLAMA_PER_MINUTE,
      yahoo: env.YAHOO_PER_MINUTE,
      finnhub: env.FINNHUB_PER_MINUTE,
      frankfurter: env.FRANKFURTER_PER_MINUTE,
      ecb: env.ECB_PER_MINUTE,
      'google-sheets': env.GOOGLE_SHEETS_PER_MINUTE,
      openai: env.AI_PER_MINUTE,
      ...chains.budgets,
    };
    const http = outbound({ timeoutMs: options.timeoutMs ?? TIMEOUT_MS, maxBytes: MAX_BYTES });
    const modelHttp = outbound({
      timeoutMs: options.modelTimeoutMs ?? env.AI_TIMEOUT_SECONDS * 1_000,
      maxBytes: MAX_BYTES,
    });
    const prices = { input: env.AI_COST_PER_MILLION_INPUT, output: env.AI_COST_PER_MILLION_OUTPUT };
    const askModel: Http = (request) => modelHttp({ ...request, costOf: (text) => costOf(usageIn(text), prices) });
    const httpTo = (name: string): Http => (name === this.model.name ? askModel : http);
    this.lines = new Map(
      Object.entries(budgets).map(([name, perMinute]) => [
        name,
        new GuardedHttp(
          name,
          httpTo(name),
          { ...POLICY, ...chains.policies[name], ...options.policy },
          new Budget(name, perMinute, redis),
        ),
      ]),
    );
    this.notForPrices = new Set([this.model.name, ...Object.keys(chains.budgets)]);
    this.clock = options.now ?? (() => new Date());
  }

  /** The sources of prices that are asked: without its key one of them never is. */
  get names(): string[] {
    return [...this.lines.keys()].filter(
      (name) => !this.notForPrices.has(name) && (!NEED_A_KEY.has(name) || this.keys[name]?.current !== undefined),
    );
  }

  now(): Date {
    return this.clock();
  }

  lend(provider: string, signal?: AbortSignal): Lent {
    const line = this.lines.get(provider);
    if (!line) throw new Error(`there is no line to ${provider}`);
    return { http: line.call, now: this.clock, signal };
  }

  /** Sources that can have a key, and whether they have one now. */
  keyed(): (readonly [provider: string, keyed: boolean])[] {
    return Object.entries(this.keys).map(([provider, key]) => [provider, key.current !== undefined]);
  }

  states(): { name: string; state: SourceState }[] {
    return [...this.lines.values()].map(({ name, state }) => ({ name, state }));
  }

  onApplicationShutdown(): void {
    for (const line of this.lines.values()) line.close();
  }
}
