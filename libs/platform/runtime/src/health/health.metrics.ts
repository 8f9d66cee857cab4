import type { Metric } from 'prom-client';
import { isDraining } from '../http/drain.js';
import { askedGauge, sharedLook } from '../metrics.js';
import { type CheckState, type ReadinessCheck, runChecks } from './checks.js';

const STATES: readonly CheckState[] = ['ok', 'degraded', 'down'];
/** The series of one scrape share one look. */
const LOOK_MS = 500;

/** Whether the process is ready, and what each of its checks says: 1 for the state that it is in, 0 for the others. */
export function readinessMetrics(checks: readonly ReadinessCheck[]): Metric[] {
  const look = sharedLook(LOOK_MS, () => runChecks(checks));
  return [
    askedGauge('scani_ready', 'Whether /readyz is 200.', async () =>
      !isDraining() && (await look()).every(({ state }) => state !== 'down') ? 1 : 0,
    ),
    askedGauge(
      'scani_check_state',
      'Readiness checks: 1 for the state that each is in.',
      async () =>
        (await look()).flatMap(({ name, state }) =>
          STATES.map((one) => ({ labels: { check: name, state: one }, value: one === state ? 1 : 0 })),
        ),
      ['check', 'state'],
    ),
  ];
}
