import type { Decimal } from '@scani/money';
import { SCAM_LIMIT } from './constants.js';

export interface Countable {
  hidden: boolean;
  /** False for a holding of an archived account. */
  active: boolean;
  scamProbability: Decimal;
}

/** Why a holding is left out of every total, or null when it counts. The one inclusion rule. */
export function uncountedReason(holding: Countable): 'hidden' | 'archived' | 'scam' | null {
  if (holding.hidden) return 'hidden';
  if (!holding.active) return 'archived';
  if (holding.scamProbability.gte(SCAM_LIMIT)) return 'scam';
  return null;
}
