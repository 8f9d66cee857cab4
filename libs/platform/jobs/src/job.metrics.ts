import { askedGauge } from '@scani/runtime';
import { Histogram, type Metric } from 'prom-client';
import type { DataSource } from 'typeorm';

const UNDONE = ['queued', 'active', 'waiting'];

/** Seconds of one attempt; `again` means it failed or was stopped and is not the last one. */
export const jobDuration = new Histogram({
  name: 'scani_job_duration_seconds',
  help: 'Attempts at jobs by name and outcome.',
  labelNames: ['name', 'outcome'],
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900],
  registers: [],
});

/** What is asked for and not done, as the outbox has it: the same on every process. */
export function queueMetrics(source: DataSource): Metric[] {
  return [
    askedGauge(
      'scani_queue_backlog',
      'Jobs that are not done, by state.',
      async () => {
        const rows = (await source.query(
          `select state, count(*)::int as jobs from job where state = any($1) group by state`,
          [UNDONE],
        )) as { state: string; jobs: number }[];
        return new Map([
          ...UNDONE.map((state) => [state, 0] as const),
          ...rows.map((row) => [row.state, row.jobs] as const),
        ]);
      },
      'state',
    ),
    askedGauge('scani_dlq_depth', 'Jobs that failed for good and wait for somebody.', async () => {
      const [row] = (await source.query(`select count(*)::int as jobs from job where state = 'failed'`)) as {
        jobs: number;
      }[];
      return row?.jobs ?? 0;
    }),
  ];
}
