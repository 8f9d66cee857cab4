import type { HoldingRow } from '@scani/ledger';
import { decimal } from '@scani/money';
import type { Valuation } from '../valuation.queries.js';
import type { Attention } from './overview.dto.js';

const SHOWN = 20;

export interface FailedJob {
  id: string;
  title: string;
  error: { detail: string } | null;
}

/** What the person could do something about, worst first. */
export function attentionOf(
  valuation: Valuation,
  counted: readonly HoldingRow[],
  failed: readonly FailedJob[],
): Attention[] {
  const all = counted.flatMap((holding): Attention[] => {
    const figure = valuation.figureOf('holding', holding.id);
    const about = { holdingId: holding.id, jobId: null };
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
    if (holding.missing_inflows) {
      const detail = 'Its transactions bring more than the balance that was seen: some that took out are missing.';
      return [{ kind: 'missing-inflows', title: `The history of ${where} does not add up`, detail, ...about }];
    }
    return [];
  });
  const split = splitPositions(counted);
  const jobs = failed.map((job): Attention => ({
    kind: 'job-failed',
    title: `${job.title} did not work`,
    detail: job.error?.detail ?? 'It can be tried again.',
    holdingId: null,
    jobId: job.id,
  }));
  const unpricedFirst = all.sort((one, other) => Number(other.kind === 'unpriced') - Number(one.kind === 'unpriced'));
  return [...jobs, ...unpricedFirst, ...split].slice(0, SHOWN);
}

/** One thing that an account holds twice, under two assets of one name; on several chains a coin is several assets. */
function splitPositions(counted: readonly HoldingRow[]): Attention[] {
  const held = counted.filter((holding) => !decimal(holding.balance).isZero());
  const alike = Map.groupBy(held, ({ account_id: accountId, asset }) =>
    [accountId, asset.kind, asset.symbol.toUpperCase(), asset.kind === 'crypto' ? asset.market_segment : ''].join(' '),
  );
  return [...alike.values()].flatMap(([first, ...others]): Attention[] => {
    if (!first || others.length === 0) return [];
    return [
      {
        kind: 'split-position',
        title: `${first.asset.symbol} in ${first.account.name} is held as ${others.length + 1} positions`,
        detail: `${[first, ...others].map(({ asset }) => asset.name).join(' and ')} may be one thing. Its lots and transfers are then not found together.`,
        holdingId: first.id,
        jobId: null,
      },
    ];
  });
}
