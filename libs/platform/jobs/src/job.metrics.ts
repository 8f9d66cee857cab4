import { rowOf, rowsOf } from '@scani/database';
import { askedGauge, type Sample } from '@scani/runtime';
import { Histogram, type Metric } from 'prom-client';
import type { DataSource } from 'typeorm';

const STATES = ['waiting', 'delayed', 'queued', 'active'] as const;
type UndoneState = (typeof STATES)[number];
/** All jobs share one queue of BullMQ. */
const QUEUE = 'jobs';

/** Seconds of one attempt; `again` means it failed or was stopped and is not the last one. */
export const jobDuration = new Histogram({
  name: 'scani_job_duration_seconds',
  help: 'Attempts at jobs by name and outcome.',
  labelNames: ['name', 'outcome'],
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900],
  registers: [],
});

/** Jobs of the outbox that are not done. What waits for its time (a retry, a delay) is `delayed`, not `waiting`. */
export async function undoneJobs(source: DataSource): Promise<Record<UndoneState, number>> {
  const rows = await rowsOf<{ state: UndoneState; jobs: number }>(
    source,
    `select case when state = 'waiting' and run_after > now() then 'delayed' else state end as state, count(*)::int as jobs
     from job where state in ('waiting', 'queued', 'active') group by 1`,
  );
  const counts = { waiting: 0, delayed: 0, queued: 0, active: 0 };
  for (const { state, jobs } of rows) counts[state] = jobs;
  return counts;
}

/** Jobs that need a worker now, for an autoscaler: those that wait for their time need none. */
export async function backlogOf(source: DataSource): Promise<number> {
  const { waiting, queued, active } = await undoneJobs(source);
  return waiting + queued + active;
}

/** What is asked for and not done, as the outbox has it: the same on every process. */
export function queueMetrics(source: DataSource): Metric[] {
  return [
    askedGauge(
      'scani_queue_backlog',
      'Jobs that are not done, by state.',
      async (): Promise<Sample[]> => {
        const counts = await undoneJobs(source);
        return STATES.map((state) => ({ labels: { queue: QUEUE, state }, value: counts[state] }));
      },
      ['queue', 'state'],
    ),
    askedGauge(
      'scani_queue_oldest_seconds',
      'For how long the oldest job that is due has not been begun.',
      async () => {
        const row = await rowOf<{ seconds: number }>(
          source,
          `select coalesce(extract(epoch from now() - min(run_after)), 0)::float8 as seconds
         from job where state in ('waiting', 'queued') and run_after <= now()`,
        );
        return row?.seconds ?? 0;
      },
    ),
    askedGauge('scani_dlq_depth', 'Jobs that failed for good and wait for somebody.', async () => {
      const row = await rowOf<{ jobs: number }>(source, `select count(*)::int as jobs from job where state = 'failed'`);
      return row?.jobs ?? 0;
    }),
    askedGauge(
      'scani_chain_last_success_timestamp_seconds',
      'When a run of a chain last ended without a failure.',
      async (): Promise<Sample[]> => {
        const rows = await rowsOf<{ chain: string; at: number }>(
          source,
          `select chain, extract(epoch from max(finished_at))::float8 as at from chain_run where state = 'completed' group by chain`,
        );
        return rows.map(({ chain, at }) => ({ labels: { chain }, value: at }));
      },
      ['chain'],
    ),
  ];
}
