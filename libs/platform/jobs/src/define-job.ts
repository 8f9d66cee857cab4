/** What a job is and how it is tried; the work itself is written in its handler. */
export interface JobDefinition<P extends object = object> {
  readonly name: string;
  /** Shown to the person it works for. */
  readonly title: string;
  /** Two waiting jobs with one key are one job, and two with one key never run at once. */
  readonly key?: (payload: P) => string;
  readonly attempts: number;
  /** Pause before the second attempt; doubles from there. */
  readonly firstRetryMs: number;
  /** Longest run of one attempt. */
  readonly timeoutMs: number;
  /** May be stopped by the person it works for. */
  readonly cancellable: boolean;
  /** How long after it was asked for it is still worth waiting for another side that is over a limit; without it: always. */
  readonly worthMs?: number;
  /** Type only. */
  readonly payload?: P;
}

type Policy<P extends object> = Pick<JobDefinition<P>, 'name' | 'title' | 'key'> & Partial<JobDefinition<P>>;

/** Declares a job; unnamed policy takes the house's values: 5 attempts, 30 s, 10 min, not cancellable. */
export function defineJob<P extends object>(policy: Policy<P>): JobDefinition<P> {
  return { attempts: 5, firstRetryMs: 30_000, timeoutMs: 600_000, cancellable: false, ...policy };
}

/** How far a job is, in a unit that people count in. */
export interface Progress {
  done: number;
  total: number | null;
  unit: string;
  message: string | null;
}

/** What a handler is lent while it works. */
export interface JobContext {
  readonly jobId: string;
  readonly userId: string | null;
  readonly attempt: number;
  /** Aborts at the timeout, when the person cancels, and when the process drains. */
  readonly signal: AbortSignal;
  /** Says how far the work is; at most a few times a second reach the screen. */
  progress(progress: Progress): Promise<void>;
}

export type Handler<P extends object> = (payload: P, context: JobContext) => Promise<void>;

/** A job with the method that does it; what a feature's jobs module offers to the worker. */
export interface HandledJob {
  readonly job: JobDefinition<never>;
  readonly run: Handler<never>;
}

/** Ties a declaration to its handler, checked by type. */
export function handle<P extends object>(job: JobDefinition<P>, run: Handler<P>): HandledJob {
  return { job: job as unknown as JobDefinition<never>, run: run as unknown as Handler<never> };
}

/**
 * A failure that another time mends, so that this attempt does not count. Seconds: the other side is limited and said when;
 * the job waits for that, at most an hour at once. `away`: the other side is not there at all, nobody knows for how long; the
 * job tries now and then. Any error may say so, by the code `limited` and `retryAfterSeconds`, or by `away`.
 */
export function waitOf(error: unknown): number | 'away' | undefined {
  const said = error as { code?: unknown; retryAfterSeconds?: unknown; away?: unknown } | null;
  if (said?.away === true) return 'away';
  return said?.code === 'limited' && typeof said.retryAfterSeconds === 'number' ? said.retryAfterSeconds : undefined;
}

/** A failure that another attempt cannot mend; the job is failed at once. */
export class Unrepeatable extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'Unrepeatable';
  }
}
