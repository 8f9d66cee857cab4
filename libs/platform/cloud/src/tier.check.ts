import type { CheckResult, ReadinessCheck } from '@scani/runtime';
import { shownCloudUrl, type Tier, tierOf } from './tier.js';

/** Says which tier it is; nothing of it can fail. */
export class TierCheck implements ReadinessCheck {
  readonly name = 'tier';
  private readonly facts: { tier: Tier; cloudUrl: string };

  constructor(env: { readonly SCANI_CLOUD_URL: string; readonly SCANI_TIER: Tier | undefined }) {
    this.facts = { tier: tierOf(env), cloudUrl: shownCloudUrl(env.SCANI_CLOUD_URL) };
  }

  check(): Promise<CheckResult> {
    return Promise.resolve({ state: 'ok', facts: this.facts });
  }
}
