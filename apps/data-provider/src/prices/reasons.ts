import type { Refused } from '@scani/providers';
import type { PriceProblem, PricedAsset } from './prices.dto.js';

export interface SourceRefusal extends Refused {
  readonly source: string;
}

const PASSING: ReadonlySet<string> = new Set(['limited', 'unreachable', 'timeout', 'failed', 'malformed', 'cancelled']);

/** True when the same question may be answered later. */
export const isPassing = (refused: Refused): boolean => PASSING.has(refused.reason);

/** One problem out of what all sources said; trouble that passes is told first, because asking again helps then. */
export function problemOf(asset: PricedAsset, refused: readonly SourceRefusal[]): PriceProblem {
  const main = refused.find(isPassing) ?? refused[0];
  if (main) {
    const waits = refused.flatMap((each) => each.retryAfterSeconds ?? []);
    return {
      id: asset.id,
      reason: main.reason,
      detail: refused.map((each) => `${each.source}: ${withoutPrefix(each)}`).join('; '),
      retryAfterSeconds: waits.length > 0 ? Math.min(...waits) : null,
    };
  }
  const problem = { id: asset.id, retryAfterSeconds: null };
  if (asset.kind === 'fiat' && asset.symbol === 'USD') {
    return { ...problem, reason: 'quote-currency', detail: 'The US dollar is what other currencies are priced in.' };
  }
  return { ...problem, reason: 'no-source', detail: `No source prices ${asset.symbol} (${asset.kind}).` };
}

const withoutPrefix = (each: SourceRefusal): string =>
  each.detail.startsWith(`${each.source}: `) ? each.detail.slice(each.source.length + 2) : each.detail;
