import { type INestApplicationContext, Logger, type OnModuleDestroy } from '@nestjs/common';
import { KeyRing, KeysCheck } from '@scani/crypto';
import { SchemaGate } from '@scani/database';
import {
  ChainHost,
  connectRedis,
  EventPublisher,
  JobHost,
  JobQueue,
  type RedisClient,
  ScheduleHost,
} from '@scani/jobs';
import { type CheckResult, liveOf, type ReadinessCheck } from '@scani/runtime';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { WorkerEnv } from './env.js';
import { handledJobs, night, schedules } from './jobs.js';

const SCHEMA_PATIENCE_MS = 60_000;
const SILENT_AFTER_MS = 60_000;
const LOOK_MS = 1_000;

/** Starts the work once schema and keys fit, and drains it before anything that it needs is closed. */
export class WorkHost implements ReadinessCheck, OnModuleDestroy {
  readonly name = 'work';
  private readonly log = new Logger('Work');
  private redis: RedisClient | undefined;
  private jobs: JobHost | undefined;
  private clock: ScheduleHost | undefined;
  private chains: ChainHost | undefined;
  private draining = false;
  private waitsFor: string | undefined;
  private readonly madeAt = Date.now();

  constructor(private readonly env: Pick<WorkerEnv, 'REDIS_URL' | 'WORKER_CONCURRENCY' | 'WORKER_DRAIN_SECONDS'>) {}

  /** When the outbox was last read; before the first time, when the process began to wait for that. */
  get heartbeatAt(): Date {
    return new Date(this.jobs?.lastRoundAt ?? this.madeAt);
  }

  async start(app: INestApplicationContext): Promise<void> {
    const source = app.get(DataSource);
    if (!(await this.schemaFits(source))) return;
    if (!(await this.keysFit(source, app.get(KeyRing)))) return;
    this.redis = connectRedis(liveOf(this.env, 'REDIS_URL'), 'worker');
    this.jobs = new JobHost({
      source,
      redis: this.redis,
      events: app.get(EventPublisher),
      jobs: handledJobs(app),
      concurrency: this.env.WORKER_CONCURRENCY,
      drainMs: this.env.WORKER_DRAIN_SECONDS * 1_000,
    });
    this.clock = new ScheduleHost(source, app.get(JobQueue), this.redis, schedules);
    this.jobs.start();
    this.chains = new ChainHost(source, app.get(JobQueue), [night]);
    await this.clock.start();
    this.chains.start();
    this.log.log(`working: ${this.env.WORKER_CONCURRENCY} at once, ${schedules.length} schedules`);
  }

  async check(): Promise<CheckResult> {
    if (this.draining) return { state: 'down', detail: 'draining' };
    if (!this.jobs) return { state: 'down', detail: this.waitsFor ?? 'not started yet' };
    const silentMs = Date.now() - this.jobs.lastRoundAt;
    return silentMs > SILENT_AFTER_MS
      ? { state: 'down', detail: `the outbox was last read ${silentMs} ms ago` }
      : { state: 'ok' };
  }

  async onModuleDestroy(): Promise<void> {
    this.draining = true;
    await Promise.all([this.clock?.stop(), this.chains?.stop(), this.jobs?.drain()]);
    this.redis?.disconnect();
  }

  /**
   * A worker that waits for a migration that never comes ends itself, so that its restarts are seen; for a database that is
   * away it waits as long as it takes. False when it is told to end meanwhile.
   */
  private async schemaFits(source: DataSource): Promise<boolean> {
    const gate = new SchemaGate(source);
    let unfitSince: number | undefined;
    while (!this.draining) {
      const { state, detail } = await gate.check().catch((error: unknown): CheckResult => {
        return { state: 'degraded', detail: error instanceof Error ? error.message : String(error) };
      });
      if (state === 'ok') return true;
      this.waitsFor = `waits for the schema: ${detail}`;
      unfitSince = state === 'down' ? (unfitSince ?? Date.now()) : undefined;
      if (unfitSince !== undefined && Date.now() - unfitSince > SCHEMA_PATIENCE_MS)
        throw new Error(`gave up waiting for the schema: ${detail}`);
      await pause(LOOK_MS);
    }
    return false;
  }

  /**
   * With a wrong key it takes nothing, since what it seals nobody else could read, and goes on looking: another start
   * changes nothing, an operator does. False when it is told to end meanwhile.
   */
  private async keysFit(source: DataSource, keys: KeyRing): Promise<boolean> {
    const check = new KeysCheck(source, keys);
    while (!this.draining) {
      try {
        const { state, detail } = await check.check();
        if (state !== 'down') return true;
        this.waitsFor = `takes no jobs: ${detail}`;
      } catch (error) {
        this.waitsFor = `takes no jobs, the keys cannot be compared: ${error instanceof Error ? error.message : String(error)}`;
      }
      await pause(LOOK_MS);
    }
    return false;
  }
}
