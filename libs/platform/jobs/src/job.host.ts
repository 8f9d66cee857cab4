import { Logger } from '@nestjs/common';
import { forEgress, inSpan, type SpanFacts, withLogFacts } from '@scani/runtime';
import { jobRecords, LOST_AFTER_MS } from './job.records.js';
import { type Job as BullJob, Queue, Worker } from 'bullmq';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { type HandledJob, type JobContext, type Progress, Unrepeatable, waitOf } from './define-job.js';
import type { EventPublisher } from './job.events.js';
import { jobDuration } from './job.metrics.js';
import { type JobRow, viewOf } from './job.view.js';
import { KEY_PREFIX, type RedisClient } from './redis.js';
import { trouble } from './trouble.js';

const QUEUE = 'jobs';
const RELAY_MS = 250;
const RELAY_BATCH = 200;
const RECONCILE_MS = 5_000;
const BEAT_MS = LOST_AFTER_MS / 3;
const BUSY_PAUSE_MS = 1_000;
const LONGEST_RETRY_MS = 3_600_000;
/** Between two looks whether somebody who was away is back. */
const LONGEST_LOOK_MS = 900_000;
const LET_GO_MS = 3_000;
const SPREAD_MS = 5_000;

export interface JobHostOptions {
  source: DataSource;
  /** A connection of role `worker`. */
  redis: RedisClient;
  events: EventPublisher;
  jobs: readonly HandledJob[];
  concurrency: number;
  /** How long active runs may go on once it drains, milliseconds. */
  drainMs: number;
}

interface Run {
  stop: AbortController;
  done: Promise<void>;
}

/** Relays the outbox to BullMQ, runs what comes back, and takes over what a lost worker left. */
export class JobHost {
  private readonly log = new Logger('Jobs');
  private readonly byName: Map<string, HandledJob>;
  private readonly queue: Queue;
  private readonly worker: Worker;
  private readonly runs = new Set<Run>();
  private readonly timers: NodeJS.Timeout[] = [];
  private draining = false;
  /** When the relay last went round; the health check reads it. */
  lastRoundAt = Date.now();

  constructor(private readonly options: JobHostOptions) {
    this.byName = new Map(options.jobs.map((handled) => [handled.job.name, handled]));
    if (this.byName.size !== options.jobs.length) throw new Error('two handlers have one job name');
    const shared = { connection: options.redis as never, prefix: KEY_PREFIX };
    this.queue = new Queue(QUEUE, { ...shared, defaultJobOptions: { removeOnComplete: true, removeOnFail: true } });
    this.worker = new Worker(QUEUE, (job) => this.accept(job), {
      ...shared,
      concurrency: options.concurrency,
      autorun: false,
      // Postgres decides what is tried again, so BullMQ does not.
      maxStalledCount: 0,
    });
    const queueTrouble = trouble(this.log, 'queue');
    const workerTrouble = trouble(this.log, 'worker');
    this.queue.on('error', queueTrouble.say);
    this.worker.on('error', workerTrouble.say).on('ready', workerTrouble.over);
  }

  start(): void {
    void this.worker.run().catch((error: unknown) => this.log.error(error));
    this.every('outbox', RELAY_MS, () => this.relay());
    this.every('lost runs', RECONCILE_MS, () => this.reconcile());
  }

  /** Takes nothing new, lets active runs finish for a while, then stops them; they are asked for again. */
  async drain(): Promise<void> {
    this.draining = true;
    for (const timer of this.timers) clearTimeout(timer);
    // Nothing is fetched from here on; that alone does not wait for Redis.
    const paused = this.worker.pause(true).catch((error: unknown) => this.log.warn(String(error)));
    const late = setTimeout(() => {
      for (const run of this.runs) run.stop.abort(new Error('draining'));
    }, this.options.drainMs);
    const ended = Promise.allSettled([...this.runs].map((run) => run.done));
    // One that waits for a silent database does not hear that it should stop; others take it over.
    await Promise.race([ended, pause(this.options.drainMs + LET_GO_MS, undefined, { ref: false })]);
    clearTimeout(late);
    await Promise.race([paused, pause(LET_GO_MS, undefined, { ref: false })]);
    // What these still want of a Redis that has gone silent is not worth waiting for.
    await Promise.race([this.letGo(), pause(LET_GO_MS, undefined, { ref: false })]);
  }

  private async letGo(): Promise<void> {
    await this.worker.close(true);
    await this.queue.close();
  }

  /** Runs `work` again and again, never twice at once, and survives its failures. */
  private every(what: string, pauseMs: number, work: () => Promise<void>): void {
    const slot = this.timers.push(setTimeout(() => {}, 0)) - 1;
    const found = trouble(this.log, what);
    const round = async (): Promise<void> => {
      await work().then(found.over, found.say);
      if (!this.draining) this.timers[slot] = setTimeout(() => void round(), pauseMs);
    };
    void round();
  }

  /**
   * Hands over what is due once that is committed: a worker is faster than a commit, and would not find the row yet.
   * After a crash in between the reconciler finds the rows.
   */
  private async relay(): Promise<void> {
    const db = this.options.source.manager;
    let rows: JobRow[];
    do {
      // What only a newer build knows is left to it.
      rows = await jobRecords.due(db, [...this.byName.keys()], RELAY_BATCH);
      await this.enqueue(rows);
    } while (rows.length === RELAY_BATCH && !this.draining);
    this.lastRoundAt = Date.now();
  }

  /** The queue's id carries the attempt, so that adding one twice makes it once. */
  private async enqueue(rows: readonly JobRow[]): Promise<void> {
    try {
      await this.queue.addBulk(
        rows.map((row) => ({ name: row.name, data: { id: row.id }, opts: { jobId: queueId(row) } })),
      );
    } catch (error) {
      for (const row of rows) await jobRecords.postpone(this.options.source.manager, row.id, 0);
      throw error;
    }
  }

  private async reconcile(): Promise<void> {
    const db = this.options.source.manager;
    for (const row of await jobRecords.takeOver(db, (name) => this.byName.get(name)?.job.attempts ?? 1)) {
      this.log.warn(`took over ${row.name}, job ${row.id} (now ${row.state})`);
      await this.tell(row);
    }
    for (const row of await jobRecords.queuedLongAgo(db)) {
      if ((await this.queue.getJob(queueId(row))) === undefined) await jobRecords.postpone(db, row.id, 0);
    }
  }

  private async accept(bull: BullJob<{ id: string }>): Promise<void> {
    const db = this.options.source.manager;
    const row = await jobRecords.claim(db, bull.data.id);
    if (row === undefined) return;
    if (row === 'busy') {
      await jobRecords.postpone(db, bull.data.id, BUSY_PAUSE_MS);
      return;
    }
    const stop = new AbortController();
    const run: Run = { stop, done: withLogFacts({ job: row.id, jobName: row.name }, () => this.traced(row, stop)) };
    this.runs.add(run);
    await run.done.finally(() => this.runs.delete(run));
  }

  /** Goes on with the trace in which the job was asked for. */
  private traced(row: JobRow, stop: AbortController): Promise<void> {
    const facts = { 'scani.job.name': row.name, 'scani.job.attempt': row.attempts };
    return inSpan({ name: `job ${row.name}`, kind: 'consumer', facts, parent: row.traceparent }, (tell) =>
      this.run(row, stop, tell),
    );
  }

  private async run(row: JobRow, stop: AbortController, tell: (facts: SpanFacts) => void): Promise<void> {
    const handled = this.byName.get(row.name);
    if (!handled) return;
    const timeout = setTimeout(
      () => stop.abort(new Error(`took longer than ${handled.job.timeoutMs} ms`)),
      handled.job.timeoutMs,
    );
    const beat = setInterval(() => void this.beat(row, stop), BEAT_MS);
    await this.tell(row);
    const measured = jobDuration.startTimer({ name: row.name });
    const ended = (outcome: string): void => {
      measured({ outcome });
      tell({ 'scani.job.outcome': outcome });
    };
    const whose = row.user_id === null ? {} : { userId: row.user_id };
    try {
      await forEgress(whose, () => handled.run(row.payload as never, this.contextOf(row, stop)));
      await this.tell(await jobRecords.finish(this.options.source.manager, row, 'completed'));
      ended('completed');
    } catch (error) {
      ended(await this.failed(row, handled, stop.signal, error));
    } finally {
      clearTimeout(timeout);
      clearInterval(beat);
    }
  }

  private contextOf(row: JobRow, stop: AbortController): JobContext {
    return {
      jobId: row.id,
      userId: row.user_id,
      attempt: row.attempts,
      signal: stop.signal,
      progress: async (progress) => {
        await this.beat(row, stop, progress);
        stop.signal.throwIfAborted();
      },
    };
  }

  private async beat(row: JobRow, stop: AbortController, progress?: Progress): Promise<void> {
    try {
      const now = await jobRecords.beat(this.options.source.manager, row, progress);
      if (now === undefined) stop.abort(new Error('this run has been taken over'));
      else if (now.cancel_wanted) stop.abort(new Cancelled());
      if (now && progress) await this.tell(now);
    } catch (error) {
      // A database that is away for a moment is no reason to stop; the fence protects what matters.
      this.log.warn(`no heartbeat: ${String(error)}`);
    }
  }

  private async failed(
    row: JobRow,
    handled: HandledJob,
    signal: AbortSignal,
    error: unknown,
  ): Promise<'cancelled' | 'failed' | 'again'> {
    const db = this.options.source.manager;
    if (signal.reason instanceof Cancelled) {
      await this.tell(await jobRecords.finish(db, row, 'cancelled'));
      return 'cancelled';
    }
    const told = tellable(error);
    if (this.draining && signal.aborted) {
      await this.tell(await jobRecords.again(db, row, 0, null));
      return 'again';
    }
    const waitMs = worthWaiting(row, handled.job, waitOf(error));
    if (waitMs !== undefined) {
      this.log.warn(`${row.name}, job ${row.id} waits ${Math.round(waitMs / 1_000)} s: ${String(error)}`);
      await this.tell(await jobRecords.again(db, row, waitMs, told, 'told to wait'));
      return 'again';
    }
    if (error instanceof Unrepeatable || row.attempts - row.waits >= handled.job.attempts) {
      this.log.error(
        `${row.name}, job ${row.id} failed: ${told.code}`,
        error instanceof Error ? error.stack : undefined,
      );
      await this.tell(await jobRecords.finish(db, row, 'failed', told));
      return 'failed';
    }
    const pauseMs = Math.min(handled.job.firstRetryMs * 2 ** (row.attempts - row.waits - 1), LONGEST_RETRY_MS);
    this.log.warn(
      `${row.name}, job ${row.id} attempt ${row.attempts} failed, again in ${pauseMs} ms: ${String(error)}`,
    );
    await this.tell(await jobRecords.again(db, row, pauseMs, told));
    return 'again';
  }

  private async tell(row: JobRow | undefined): Promise<void> {
    if (!row?.user_id) return;
    await this.options.events.publish(row.user_id, { type: 'job', data: viewOf(row) });
  }
}

class Cancelled extends Error {}

/**
 * Milliseconds, a little more than was said, so that not all come back in one moment. Undefined: nothing was said, or it
 * would be too late then.
 */
function worthWaiting(row: JobRow, job: HandledJob['job'], told: ReturnType<typeof waitOf>): number | undefined {
  if (told === undefined) return undefined;
  const saidMs =
    told === 'away' ? Math.min(job.firstRetryMs * 2 ** Math.min(row.waits, 20), LONGEST_LOOK_MS) : told * 1_000;
  const late = job.worthMs !== undefined && Date.now() + saidMs > row.created_at.getTime() + job.worthMs;
  if (late) return undefined;
  return Math.round(Math.min(saidMs, LONGEST_RETRY_MS) + Math.random() * Math.min(SPREAD_MS, saidMs));
}

const queueId = (row: Pick<JobRow, 'id' | 'attempts'>): string => `${row.id}-${row.attempts}`;

function tellable(error: unknown): { code: string; detail: string } {
  if (error instanceof Unrepeatable) return { code: error.code, detail: error.detail };
  const known = error as { code?: unknown; detail?: unknown } | null;
  if (typeof known?.code === 'string' && typeof known.detail === 'string')
    return { code: known.code, detail: known.detail };
  return { code: 'failed', detail: 'This did not work. The log has more under the id of the job.' };
}
