import type { CheckResult, ReadinessCheck } from '@scani/runtime';
import type { CloudClient } from './cloud.client.js';
import { CloudError } from './cloud.error.js';

/** Without the data-provider prices age and no mail leaves; everything else works. */
export class CloudCheck implements ReadinessCheck {
  readonly name = 'data-provider';
  readonly lossMeans = 'degraded';
  constructor(private readonly cloud: CloudClient) {}

  async check(): Promise<CheckResult> {
    try {
      const { version, mail, prices } = await this.cloud.capabilities();
      const facts = { version, mail, prices };
      return mail ? { state: 'ok', facts } : { state: 'degraded', detail: 'it cannot send mail', facts };
    } catch (error) {
      return {
        state: 'degraded',
        detail: error instanceof CloudError ? `${error.code}: ${error.message}` : String(error),
      };
    }
  }
}
