import type { CheckResult, ReadinessCheck } from '@scani/runtime';
import type { DataSource } from 'typeorm';
import { undoneJobs } from './job.metrics.js';

/** How much is waiting; never a reason for anything by itself. */
export class QueueCheck implements ReadinessCheck {
  readonly name = 'queue';
  readonly lossMeans = 'degraded';
  constructor(private readonly source: DataSource) {}

  async check(): Promise<CheckResult> {
    return { state: 'ok', facts: { ...(await undoneJobs(this.source)) } };
  }
}
