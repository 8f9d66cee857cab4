import type { HoldingRow } from '@scani/ledger';
import type { Valuation } from '../valuation.queries.js';
import type { Attention } from './overview.dto.js';

const SHOWN = 20;

/** What the person could do something about, worst first. */
export function attentionOf(valuation: Valuation, counted: readonly HoldingRow[]): Attention[] {
  const all = counted.flatMap((holding): Attention[] => {
    const figure = valuation.figureOf('holding', holding.id);
    const about = { holdingId: holding.id, importId: null, jobId: null };
    const where = `${holding.asset.symbol} in ${holding.account.name}`;
    if (figure && figure.unpriced > 0) {
      const detail = holding.asset.priced
        ? 'No price has arrived yet. It is left out of the total until one does.'
        : 'Nobody offers a price for it. Enter one of your own to count it.';
      return [{ kind: 'unpriced', title: `${where} has no price`, detail, ...about }];
    }
    if (figure && figure.stale > 0) {
      return [
        {
          kind: 'stale',
          title: `The price of ${where} is old`,
          detail: 'It is still used, and marked as old.',
          ...about,
        },
      ];
    }
    return [];
  });
  return all.sort((one, other) => (one.kind === other.kind ? 0 : one.kind === 'unpriced' ? -1 : 1)).slice(0, SHOWN);
}
