/* eslint-disable @nx/enforce-module-boundaries -- the chain is the worker's */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { night } from '../../worker/src/jobs.js';
import { testApi, type TestApi } from './harness.js';
import { testWorker, type TestWorker } from './worker.js';

let api: TestApi;
let worker: TestWorker | undefined;
beforeAll(async () => {
  api = await testApi();
});
afterAll(async () => {
  await worker?.close();
  await api.close();
});

interface Health {
  nights: { day: string; state: string; steps: { name: string; state: string; failed: number }[] }[];
}

const DAY_MS = 86_400_000;
const dayAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

test('a night that was missed is made up for when a worker comes, step by step, and an admin sees it', async () => {
  const admin = await api.signedIn();
  await api.db.source.query(
    `insert into chain_run (chain, slot, state, finished_at) values ('night', $1, 'completed', now())`,
    [`${dayAgo(2)}T00:00:00Z`],
  );
  worker = await testWorker(api);
  for (;;) {
    const { body } = await admin.get<Health>('/api/admin/health');
    const missed = body.nights.find((one) => one.day === dayAgo(1));
    if (!missed || missed.state === 'running') {
      await pause(100);
      continue;
    }
    expect(missed.state).toBe('completed');
    expect(missed.steps.map((step) => step.state)).toEqual(night.steps.map(() => 'completed'));
    expect(missed.steps.map((step) => step.name).sort()).toEqual(night.steps.map((step) => step.job.name).sort());
    break;
  }
  const steps = (await api.db.source.query(`select step, started_at, finished_at from chain_step where slot = $1`, [
    `${dayAgo(1)}T00:00:00Z`,
  ])) as { step: string; started_at: Date; finished_at: Date }[];
  const stepOf = new Map(steps.map((step) => [step.step, step]));
  for (const { job, after } of night.steps)
    for (const before of after)
      expect(stepOf.get(before)?.finished_at.getTime()).toBeLessThanOrEqual(
        stepOf.get(job.name)?.started_at.getTime() ?? 0,
      );
});
