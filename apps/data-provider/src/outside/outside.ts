import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Lent, type Providers, providersOf } from '@scani/providers';
import { type Live, liveOf, outbound } from '@scani/runtime';
import type { DataProviderEnv } from '../env.js';
import { GuardedHttp, type Policy, type SourceState } from './guarded-http.js';

/** Bounds that tests tighten. */
export interface OutsideOptions {
  readonly timeoutMs?: number;
  readonly policy?: Partial<Omit<Policy, 'perMinute'>>;
  now?(): Date;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8_000_000;
const POLICY: Omit<Policy, 'perMinute'> = { concurrent: 6, maxWaitMs: 20_000, failures: 5, restMs: 30_000 };

const NEED_A_KEY: ReadonlySet<string> = new Set(['finnhub']);

/** The price sources, and the guarded line to each. */
@Injectable()
export class Outside implements OnApplicationShutdown {
  readonly providers: Providers;
  private readonly lines: ReadonlyMap<string, GuardedHttp>;
  private readonly clock: () => Date;
  private readonly keys: Readonly<Record<string, Live<string | undefined>>>;

  constructor(env: DataProviderEnv, options: OutsideOptions) {
    const coingeckoKey = liveOf(env, 'COINGECKO_API_KEY');
    const finnhubKey = liveOf(env, 'FINNHUB_API_KEY');
    this.keys = { coingecko: coingeckoKey, finnhub: finnhubKey };
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
    });
    const budgets = {
      coingecko: env.COINGECKO_PER_MINUTE,
      defillama: env.DEFILLAMA_PER_MINUTE,
      yahoo: env.YAHOO_PER_MINUTE,
      finnhub: env.FINNHUB_PER_MINUTE,
      frankfurter: env.FRANKFURTER_PER_MINUTE,
      ecb: env.ECB_PER_MINUTE,
    };
    const http = outbound({ timeoutMs: options.timeoutMs ?? TIMEOUT_MS, maxBytes: MAX_BYTES });
    this.lines = new Map(
      Object.entries(budgets).map(([name, perMinute]) => [
        name,
        new GuardedHttp(name, http, { ...POLICY, ...options.policy, perMinute }),
      ]),
    );
    this.clock = options.now ?? (() => new Date());
  }

  /** The sources that are asked: without its key one of them never is. */
  get names(): string[] {
    return [...this.lines.keys()].filter((name) => !NEED_A_KEY.has(name) || this.keys[name]?.current !== undefined);
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

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.lines.values()].map((line) => line.close()));
  }
}
