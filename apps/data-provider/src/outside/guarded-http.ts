import { type Http, type HttpAnswer, type HttpRequest, ProviderError } from '@scani/providers';
import { retrying } from '@scani/runtime';
import CircuitBreaker from 'opossum';
import pLimit from 'p-limit';
import { setTimeout as pause } from 'node:timers/promises';
import type { Budget } from '../shared/budget.js';
import { providerDuration } from './provider.metrics.js';

export interface Policy {
  readonly concurrent: number;
  /** Longest time in the queue before the request is refused instead. */
  readonly maxWaitMs: number;
  /** Failures within half a minute after which the breaker may open; it does when they are half of the calls. */
  readonly failures: number;
  /** How long an open breaker rests. */
  readonly restMs: number;
  /** Tries of a request that failed on its way or with 500 and more, in all. */
  readonly attempts: number;
}

/** `paused` means: the service asked to be left alone; `resting`: it failed too often. */
export type SourceState = 'ok' | 'paused' | 'resting';

const PAUSE_UNASKED_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
const RETRY_FIRST_MS = 250;
const RETRY_LONGEST_MS = 1_500;

/** HTTP to one service: a budget of requests, a bounded queue, a second try, obedience to Retry-After and a circuit breaker. */
export class GuardedHttp {
  private readonly turns: ReturnType<typeof pLimit>;
  private readonly breaker: CircuitBreaker<[HttpRequest], HttpAnswer>;
  private pausedUntil = 0;

  constructor(
    readonly name: string,
    http: Http,
    private readonly policy: Policy,
    private readonly budget: Budget,
  ) {
    this.turns = pLimit(policy.concurrent);
    this.breaker = new CircuitBreaker((request: HttpRequest) => failing(measured(name, http(request))), {
      timeout: false,
      volumeThreshold: policy.failures,
      errorThresholdPercentage: 50,
      rollingCountTimeout: 30_000,
      resetTimeout: policy.restMs,
      errorFilter: (error: unknown) => codeOf(error) === 'cancelled',
    });
  }

  get state(): SourceState {
    if (this.breaker.opened) return 'resting';
    return Date.now() < this.pausedUntil ? 'paused' : 'ok';
  }

  readonly call: Http = async (request) => {
    const until = Date.now() + this.policy.maxWaitMs;
    try {
      return await retrying(
        {
          attempts: request.once ? 1 : this.policy.attempts,
          firstDelayMs: RETRY_FIRST_MS,
          maxDelayMs: RETRY_LONGEST_MS,
          signal: request.signal,
          worth: worthAnotherTry,
        },
        () => this.turn(request, until),
      );
    } catch (error) {
      if (error instanceof FailedAnswer) return error.answer;
      throw error;
    }
  };

  close(): void {
    this.breaker.shutdown();
  }

  /** Waits for a turn, but not for ever: nobody listens to one that comes too late. */
  private turn(request: HttpRequest, until: number): Promise<HttpAnswer> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const waiting = new AbortController();
    const timer = setTimeout(
      () => {
        waiting.abort();
        reject(this.limited('its queue is too long', this.policy.maxWaitMs));
      },
      Math.max(0, until - Date.now()),
    );
    const answer = this.turns(async () => {
      waiting.signal.throwIfAborted();
      await this.afford(until, request.signal);
      clearTimeout(timer);
      waiting.signal.throwIfAborted();
      return this.ask(request);
    });
    answer.catch(() => undefined);
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  private async afford(until: number, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const leftAlone = this.pausedUntil - Date.now();
      if (leftAlone > 0) throw this.limited('it asked to be left alone', leftAlone);
      const waitMs = await this.budget.take();
      if (waitMs === 0) return;
      if (Date.now() + waitMs > until) throw this.limited('its budget of requests is used up', waitMs);
      await pause(waitMs, undefined, signal ? { signal } : {}).catch(() => {
        throw new ProviderError(this.name, 'cancelled', 'the caller went away');
      });
    }
  }

  private async ask(request: HttpRequest): Promise<HttpAnswer> {
    try {
      const answer = await this.breaker.fire(request);
      if (answer.status === 429) await this.pause(answer);
      return answer;
    } catch (error) {
      if (codeOf(error) !== 'EOPENBREAKER') throw error;
      const seconds = Math.ceil(this.policy.restMs / 1000);
      throw new ProviderError(this.name, 'unreachable', 'it failed too often and is left alone for a while', seconds);
    }
  }

  private async pause(answer: HttpAnswer): Promise<void> {
    const asked = Number(answer.header('retry-after') ?? Number.NaN) * 1000;
    const ms = Number.isFinite(asked) && asked >= 0 ? Math.min(asked, LONGEST_PAUSE_MS) : PAUSE_UNASKED_MS;
    this.pausedUntil = Math.max(this.pausedUntil, Date.now() + ms);
    if (ms > 0) await this.budget.pause(ms);
  }

  private limited(why: string, waitMs: number): ProviderError {
    return new ProviderError(this.name, 'limited', why, Math.ceil(waitMs / 1000));
  }
}

/** Carries an answer of 500 and more through the breaker, which counts what is thrown. */
class FailedAnswer extends Error {
  constructor(readonly answer: HttpAnswer) {
    super(`answered ${answer.status}`);
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** What took too long once is not waited for a second time: somebody else waits too. */
function worthAnotherTry(error: unknown): 'no' | { afterMs: number } {
  if (error instanceof ProviderError) return 'no';
  if (error instanceof FailedAnswer) {
    const asked = Number(error.answer.header('retry-after') ?? 0) * 1000;
    return Number.isFinite(asked) ? { afterMs: asked } : 'no';
  }
  return codeOf(error) === 'unreachable' ? { afterMs: 0 } : 'no';
}

async function measured(provider: string, answering: Promise<HttpAnswer>): Promise<HttpAnswer> {
  const ended = providerDuration.startTimer({ provider });
  try {
    const answer = await answering;
    ended({ status: answer.status });
    return answer;
  } catch (error) {
    ended({ status: 'none' });
    throw error;
  }
}

async function failing(answering: Promise<HttpAnswer>): Promise<HttpAnswer> {
  const answer = await answering;
  if (answer.status >= 500) throw new FailedAnswer(answer);
  return answer;
}
