import { decimal } from '@scani/money';
import type { CheckResult, ReadinessCheck } from '@scani/runtime';
import type { CloudClient } from './cloud.client.js';
import { CloudError } from './cloud.error.js';
import type { KeyState } from './cloud.types.js';

/** What every installation asks for; without these scopes a key is of little use. */
const NEEDED = ['prices', 'asset-search', 'mail'];
const EXPIRES_SOON_MS = 7 * 86_400_000;

/** Without the data-provider prices age and no mail leaves; everything else works. */
export class CloudCheck implements ReadinessCheck {
  readonly name = 'data-provider';
  readonly lossMeans = 'degraded';
  constructor(private readonly cloud: CloudClient) {}

  async check(): Promise<CheckResult> {
    try {
      const { version, mail, prices, key } = await this.cloud.capabilities();
      const facts = { version, mail, prices, ...(key ? { plan: key.plan } : {}) };
      const trouble = (key && keyTrouble(key, new Date())) ?? (mail ? undefined : 'it cannot send mail');
      return trouble === undefined ? { state: 'ok', facts } : { state: 'degraded', detail: trouble, facts };
    } catch (error) {
      return {
        state: 'degraded',
        detail: error instanceof CloudError ? `${error.problem ?? error.code}: ${error.message}` : String(error),
      };
    }
  }
}

/** What stands or will soon stand in the way of an issued key; undefined where nothing does. */
export function keyTrouble(key: KeyState, now: Date): string | undefined {
  const { hour, month, cost, scopes, expiresAt } = key;
  if (cost.ceiling !== null && decimal(cost.used).greaterThanOrEqualTo(decimal(cost.ceiling)))
    return `over-cost-ceiling: the key has used up ${cost.ceiling} US dollars of this month; again at ${month.resetsAt}`;
  if (month.used >= month.quota)
    return `over-monthly-quota: all ${month.quota} units of this month are used; again at ${month.resetsAt}`;
  if (hour.used >= hour.quota)
    return `over-hourly-quota: all ${hour.quota} units of this hour are used; again at ${hour.resetsAt}`;
  const lacking = NEEDED.filter((scope) => !scopes.includes(scope));
  if (lacking.length > 0) return `key-scope: the key may not be used for ${lacking.join(', ')}`;
  if (expiresAt !== null && Date.parse(expiresAt) - now.getTime() < EXPIRES_SOON_MS)
    return `the key expires at ${expiresAt}: ask for another`;
  return undefined;
}
