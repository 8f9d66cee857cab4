import { Logger } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import type { DataSource } from 'typeorm';
import type { JobDefinition } from './define-job.js';
import type { JobQueue } from './job.queue.js';

/** One step of a chain: a job that starts when the steps before it have ended, and not before its time of day. */
export interface ChainStep {
  readonly job: JobDefinition<Record<string, never>>;
  /** Time of day in UTC, `03:45`. */
  readonly at: string;
  /** Names of the jobs that must have ended, with all their parts. A failed one has ended too: the rest works with what is there. */
  readonly after: readonly string[];
}

/** Steps that are run once a day (UTC), in the order in which they depend on each other. */
export interface Chain {
  readonly name: string;
  readonly steps: readonly ChainStep[];
}

type StepState = 'waiting' | 'active' | 'completed' | 'failed' | 'skipped';

interface StepRow {
  step: string;
  state: StepState;
  /** Of its job and all parts of that: whether something is still to be done, and whether something failed. */
  open: boolean | null;
  failed: boolean | null;
}

const ROUND_MS = 2_000;
/** Days that are caught up at most: every step makes up for what the days before left undone. */
const MOST_MISSED_DAYS = 7;
const MINUTE_MS = 60_000;

/**
 * Drives chains from Postgres alone: whoever holds the row of a run for the length of one short transaction moves it on,
 * so it does not matter how many workers do this, nor which of them stops. Missed days are run one after the other.
 */
export class ChainHost {
  private readonly log = new Logger('Chains');
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly source: DataSource,
    private readonly jobs: JobQueue,
    private readonly chains: readonly Chain[],
    private readonly clock: () => Date = () => new Date(),
    private readonly roundMs = ROUND_MS,
  ) {
    for (const chain of chains) refuseDisorder(chain);
  }

  start(): void {
    const next = (): void => {
      this.round = this.advanceAll();
      void this.round.then(() => {
        if (!this.stopped) this.timer = setTimeout(next, this.roundMs);
      });
    };
    next();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private async advanceAll(): Promise<void> {
    for (const chain of this.chains) {
      try {
        while (await this.advance(chain));
      } catch (error) {
        this.log.warn(`${chain.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  /** Moves a chain on as far as it can be moved now. True when a run ended, so that another may be due. */
  advance(chain: Chain): Promise<boolean> {
    return this.source.transaction(async (db) => {
      await this.begin(db, chain);
      const run = await rowOf<{ slot: Date }>(
        db,
        `select slot from chain_run where chain = $1 and state = 'running' for update skip locked`,
        [chain.name],
      );
      return run ? this.moveOn(db, chain, run.slot) : false;
    });
  }

  /** Begins the run of the oldest day that is due. The first day of an installation has nothing to make up for. */
  private async begin(db: Db, chain: Chain): Promise<void> {
    const today = midnight(this.clock());
    const last = await rowOf<{ slot: Date | null; running: boolean }>(
      db,
      `select max(slot) as slot, coalesce(bool_or(state = 'running'), false) as running from chain_run where chain = $1`,
      [chain.name],
    );
    if (last?.running) return;
    if (!last?.slot) {
      await db.query(
        `insert into chain_run (chain, slot, state, finished_at) values ($1, $2, 'completed', now()) on conflict do nothing`,
        [chain.name, today],
      );
      return;
    }
    const slot = nextDay(last.slot, today);
    if (slot === undefined) return;
    const begun = await rowOf(
      db,
      `insert into chain_run (chain, slot) values ($1, $2) on conflict do nothing returning slot`,
      [chain.name, slot],
    );
    if (!begun) return;
    await db.query(
      `insert into chain_step (chain, slot, step, state) select $1, $2, step, 'waiting' from unnest($3::text[]) as step`,
      [chain.name, slot, chain.steps.map((step) => step.job.name)],
    );
    this.log.log(`${chain.name} of ${slot.toISOString().slice(0, 10)} begins`);
  }

  private async moveOn(db: Db, chain: Chain, slot: Date): Promise<boolean> {
    const states = await this.ended(db, chain.name, slot);
    const hasEnded = (name: string): boolean => states.get(name) !== 'waiting' && states.get(name) !== 'active';
    for (const { job, at, after } of chain.steps) {
      if (states.get(job.name) !== 'waiting' || !after.every(hasEnded)) continue;
      if (this.clock().getTime() < slot.getTime() + minutesOf(at) * MINUTE_MS) continue;
      const jobId = await this.jobs.ask(db, job, {});
      await db.query(
        `update chain_step set state = 'active', job_id = $4, started_at = now() where chain = $1 and slot = $2 and step = $3`,
        [chain.name, slot, job.name, jobId],
      );
      states.set(job.name, 'active');
    }
    if (![...states.keys()].every(hasEnded)) return false;
    const failed = [...states].filter(([, state]) => state === 'failed').map(([name]) => name);
    await db.query(`update chain_run set state = $3, finished_at = now() where chain = $1 and slot = $2`, [
      chain.name,
      slot,
      failed.length > 0 ? 'failed' : 'completed',
    ]);
    const outcome = failed.length > 0 ? `ended, failed: ${failed.join(', ')}` : 'is done';
    this.log.log(`${chain.name} of ${slot.toISOString().slice(0, 10)} ${outcome}`);
    return true;
  }

  /**
   * Writes down which active steps have ended. Work that was told to come back later is not waited for: the rest of the night
   * needs what is there, and a quota may be over for weeks.
   * Steps that this build does not know any more are skipped.
   */
  private async ended(db: Db, chain: string, slot: Date): Promise<Map<string, StepState>> {
    const rows = await rowsOf<StepRow>(
      db,
      `select chain_step.step, chain_step.state, work.open, work.failed from chain_step
       left join lateral (
         select bool_or(job.state in ('waiting', 'queued', 'active') and not set_aside) as open,
           bool_or(job.state = 'failed' or set_aside) as failed
         from (select id, state, state = 'waiting' and waits > 0 as set_aside from job) as job where job.id = chain_step.job_id
           or job.id in (select part_id from job_part where whole_id = chain_step.job_id)) as work
         on chain_step.state = 'active'
       where chain_step.chain = $1 and chain_step.slot = $2`,
      [chain, slot],
    );
    const known = new Set(this.chains.find((one) => one.name === chain)?.steps.map((step) => step.job.name));
    const states = new Map<string, StepState>();
    for (const row of rows) {
      const state = stateAfter(row, known.has(row.step));
      states.set(row.step, state);
      if (state === row.state) continue;
      await db.query(
        `update chain_step set state = $4, finished_at = now() where chain = $1 and slot = $2 and step = $3`,
        [chain, slot, row.step, state],
      );
    }
    return states;
  }
}

function stateAfter({ state, open, failed }: StepRow, isKnown: boolean): StepState {
  if (state === 'waiting' && !isKnown) return 'skipped';
  // A job whose row is gone has ended long ago.
  if (state !== 'active' || open === true) return state;
  return failed === true ? 'failed' : 'completed';
}

/** The day after the last run, or undefined when it has not come yet; after a long absence one of the last days. */
function nextDay(last: Date, today: Date): Date | undefined {
  if (last >= today) return undefined;
  const next = new Date(last.getTime() + 24 * 60 * MINUTE_MS);
  const earliest = new Date(today.getTime() - MOST_MISSED_DAYS * 24 * 60 * MINUTE_MS);
  return next < earliest ? earliest : next;
}

const midnight = (at: Date): Date => new Date(`${at.toISOString().slice(0, 10)}T00:00:00Z`);

function minutesOf(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Steps stand after those that they depend on; anything else is a mistake of this build. */
function refuseDisorder({ name, steps }: Chain): void {
  const seen = new Set<string>();
  for (const { job, after, at } of steps) {
    const missing = after.find((one) => !seen.has(one));
    if (missing) throw new Error(`chain ${name}: ${job.name} comes after ${missing}, which is not before it`);
    if (seen.has(job.name)) throw new Error(`chain ${name}: ${job.name} is in it twice`);
    if (!/^\d{2}:\d{2}$/.test(at)) throw new Error(`chain ${name}: ${at} is not a time of day`);
    seen.add(job.name);
  }
}
