import { askedGauge } from '@scani/runtime';
import { Histogram, type Metric } from 'prom-client';
import { aiTokens } from '../ai/ai.metrics.js';
import type { MailService } from '../mail/mail.service.js';
import type { SourceState } from './guarded-http.js';
import type { Outside } from './outside.js';

const STATES: readonly SourceState[] = ['ok', 'paused', 'resting'];

/** Seconds until a source of prices or chains, a sheet or the model had answered; `status` is its status, or `none` where there was no whole answer. */
export const providerDuration = new Histogram({
  name: 'scani_provider_request_duration_seconds',
  help: 'Requests to sources of prices and chains, sheets and AI.',
  labelNames: ['provider', 'status'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90],
  registers: [],
});

/** Which of the services that can have a key have one, and which are asked at the moment. */
export function providerMetrics(outside: Outside, mail: MailService): Metric[] {
  return [
    providerDuration,
    aiTokens,
    askedGauge(
      'scani_provider_keyed',
      'Whether a service that needs a key, or gives more with one, has one here.',
      () =>
        [...outside.keyed(), ...mail.keyed()].map(([provider, keyed]) => ({
          labels: { provider },
          value: keyed ? 1 : 0,
        })),
      ['provider'],
    ),
    askedGauge(
      'scani_provider_state',
      'Sources of prices and chains, sheets and AI: 1 for the state that each is in; one that is paused or resting is not asked.',
      () =>
        outside
          .states()
          .flatMap(({ name, state }) =>
            STATES.map((one) => ({ labels: { provider: name, state: one }, value: one === state ? 1 : 0 })),
          ),
      ['provider', 'state'],
    ),
  ];
}
