import { Logger } from '@nestjs/common';
import { rowOf, rowsOf } from '@scani/database';
import { Queue, Worker } from 'bullmq';
import { CronExpressionParser } from 'cron-parser';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { JobDefinition } from './define-job.js';
import type { JobQueue } from './job.queue.js';
import { KEY_PREFIX, type RedisClient } from './redis.js';
import { trouble } from './trouble.js';

const QUEUE = 'schedules';
const LET_GO_MS = 3_000;

/** A job that the clock asks for. `cron` has five fields, in UTC. */
export interface Schedule {
  readonly job: JobDefinition<Record<string, never>>;
  readonly cron: string;
}

/**
 * Registers the schedules in BullMQ (replacing those of an older build) and turns each tick into one row of the
 * outbox, however many workers there are.
 */
export class ScheduleHost {
  private readonly log = new Logger('Schedules');
  private readonly queue: Queue;
  private readonly worker: Worker;

  constructor(
    private readonly source: DataSource,
    private readonly jobs: JobQueue,
    redis: RedisClient,
    private readonly schedules: readonly Schedule[],
  ) {
    const shared = { connection: redis as never, prefix: KEY_PREFIX };
    this.queue = new Queue(QUEUE, shared);
    this.worker = new Worker(QUEUE, (tick) => this.tick(tick.name, new Date(tick.timestamp + (tick.delay ?? 0))), {
      ...shared,
      autorun: false,
    });
    const found = trouble(this.log, 'schedules');
    this.queue.on('error', found.say);
    this.worker.on('error', found.say).on('ready', found.over);
  }

  async start(): Promise<void> {
    const names = new Set(this.schedules.map((schedule) => schedule.job.name));
    for (const known of await this.queue.getJobSchedulers()) {
      if (known.key && !names.has(known.key)) await this.queue.removeJobScheduler(known.key);
    }
    for (const { job, cron } of this.schedules) {
      await this.queue.upsertJobScheduler(
        job.name,
        { pattern: cron, tz: 'UTC' },
        { name: job.name, opts: { removeOnComplete: true, removeOnFail: true } },
      );
      await this.source.query(
        'insert into schedule (name, cron) values ($1, $2) on conflict (name) do update set cron = excluded.cron',
        [job.name, cron],
      );
    }
    await this.source.query('delete from schedule where name <> all($1)', [[...names]]);
    await this.catchUp();
    void this.worker.run().catch((error: unknown) => this.log.error(error));
  }

  /** What came due while no worker was there, or while Redis had forgotten the schedules, is asked for once. */
  private async catchUp(): Promise<void> {
    const known = await rowsOf<{ name: string }>(
      this.source,
      'select name from schedule where last_slot_at is not null',
    );
    const names = new Set(known.map((row) => row.name));
    for (const { job, cron } of this.schedules) {
      if (names.has(job.name))
        await this.tick(job.name, CronExpressionParser.parse(cron, { tz: 'UTC' }).prev().toDate());
    }
  }

  async stop(): Promise<void> {
    const closed = this.worker.close(true).then(() => this.queue.close());
    // What this still wants of a Redis that has gone silent is not worth waiting for.
    await Promise.race([closed, pause(LET_GO_MS, undefined, { ref: false })]);
  }

  /** A slot asks once: whoever moves `last_slot_at` forward has it. */
  async tick(name: string, slot: Date): Promise<void> {
    const schedule = this.schedules.find((one) => one.job.name === name);
    if (!schedule) return;
    await this.source.transaction(async (db) => {
      const won = await rowOf(
        db,
        `update schedule set last_slot_at = $2, last_asked_at = now()
         where name = $1 and (last_slot_at is null or last_slot_at < $2) returning name`,
        [name, slot],
      );
      if (won) await this.jobs.ask(db, schedule.job, {});
    });
  }
}

/** When each schedule runs next, as BullMQ has it. */
export async function nextRuns(redis: RedisClient): Promise<Map<string, Date>> {
  const queue = new Queue(QUEUE, { connection: redis as never, prefix: KEY_PREFIX });
  try {
    const known = await queue.getJobSchedulers();
    return new Map(known.flatMap(({ key, next }) => (key && next ? [[key, new Date(next)] as const] : [])));
  } finally {
    await queue.close();
  }
}
