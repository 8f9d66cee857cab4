import { type Http, type HttpAnswer, type HttpRequest, ProviderError } from '@scani/providers';
import Bottleneck from 'bottleneck';
import { AsyncResource } from 'node:async_hooks';
import CircuitBreaker from 'opossum';
import { providerDuration } from './provider.metrics.js';

export interface Policy {
  readonly perMinute: number;
  readonly concurrent: number;
  /** Longest time in the queue before the request is refused instead. */
  readonly maxWaitMs: number;
  /** Failures within half a minute after which the breaker may open; it does when they are half of the calls. */
  readonly failures: number;
  /** How long an open breaker rests. */
  readonly restMs: number;
}

/** `paused` means: the service asked to be left alone; `resting`: it failed too often. */
export type SourceState = 'ok' | 'paused' | 'resting';

const MINUTE_MS = 60_000;
const PAUSE_UNASKED_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** HTTP to one service: a budget of requests, a bounded queue, obedience to Retry-After and a circuit breaker. */
export class GuardedHttp {
  private readonly limiter: Bottleneck;
  private readonly breaker: CircuitBreaker<[HttpRequest], HttpAnswer>;
  private pausedUntil = 0;

  constructor(
    readonly name: string,
    http: Http,
    private readonly policy: Policy,
  ) {
    this.limiter = new Bottleneck({
      maxConcurrent: policy.concurrent,
      reservoir: policy.perMinute,
      reservoirRefreshAmount: policy.perMinute,
      reservoirRefreshInterval: MINUTE_MS,
    });
    this.breaker = new CircuitBreaker((request: HttpRequest) => failing(measured(name, http(request))), {
      timeout: false,
      volumeThreshold: policy.failures,
      errorThresholdPercentage: 50,
      rollingCountTimeout: 30_000,
      resetTimeout: policy.restMs,
      errorFilter: (error: unknown) => (error as { code?: unknown } | null)?.code === 'cancelled',
    });
  }

  get state(): SourceState {
    if (this.breaker.opened) return 'resting';
    return Date.now() < this.pausedUntil ? 'paused' : 'ok';
  }

  readonly call: Http = async (request) => {
    let waited = false;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      waited = true;
      reject(this.limited('its budget of requests is used up', MINUTE_MS));
    }, this.policy.maxWaitMs);
    // The limiter calls from wherever a turn became free; log lines and traces belong to who waits for it.
    const asked = AsyncResource.bind(async () => {
      clearTimeout(timer);
      if (waited) throw new Error('gave up waiting');
      return this.ask(request);
    });
    const turn = this.limiter.schedule(asked);
    // When the wait is over first, nobody listens to the turn any more.
    turn.catch(() => undefined);
    return Promise.race([turn, late]).finally(() => clearTimeout(timer));
  };

  async close(): Promise<void> {
    this.breaker.shutdown();
    await this.limiter.disconnect();
  }

  private async ask(request: HttpRequest): Promise<HttpAnswer> {
    const pause = this.pausedUntil - Date.now();
    if (pause > 0) throw this.limited('it asked to be left alone', pause);
    try {
      const answer = await this.breaker.fire(request);
      if (answer.status === 429) this.pause(answer);
      return answer;
    } catch (error) {
      if (error instanceof FailedAnswer) return error.answer;
      if ((error as { code?: unknown } | null)?.code !== 'EOPENBREAKER') throw error;
      const seconds = Math.ceil(this.policy.restMs / 1000);
      throw new ProviderError(this.name, 'unreachable', 'it failed too often and is left alone for a while', seconds);
    }
  }

  private pause(answer: HttpAnswer): void {
    const asked = Number(answer.header('retry-after') ?? Number.NaN) * 1000;
    const pause = Number.isFinite(asked) && asked >= 0 ? Math.min(asked, LONGEST_PAUSE_MS) : PAUSE_UNASKED_MS;
    this.pausedUntil = Math.max(this.pausedUntil, Date.now() + pause);
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
