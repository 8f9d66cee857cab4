import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import { type Evidence, openingBalance, settledBalance, settlementOf } from '@scani/domain';
import { decimal, decimalText } from '@scani/money';
import { DigestQueries } from '../digest/digest.queries.js';
import { digestOfRows } from '../digest/ledger.digest.js';
import { LedgerQueries } from '../ledger.queries.js';

export type LedgerCheck = 'digest' | 'opening-balance' | 'balance' | 'missing-inflows' | 'rollup' | 'rollup-money';

/** What is stored and what the evidence says, where they differ. */
export interface Difference {
  check: LedgerCheck;
  /** Institution, account and asset, or scope and day. */
  where: string;
  stored: string;
  expected: string;
}

export interface VerifiedHoldings {
  holdings: number;
  rows: number;
  /** The first of each check. */
  differences: Difference[];
}

interface HoldingRow {
  id: string;
  name: string;
  balance: string;
  missing_inflows: boolean;
  opening: string | null;
  opening_at: Date | null;
}

/** Works out again what is stored beside the evidence, holding by holding, from all of its rows. */
@Injectable()
export class LedgerVerifier {
  constructor(
    private readonly queries: LedgerQueries,
    private readonly digests: DigestQueries,
  ) {}

  /** Reads one holding at a time. Run it in a transaction that sees one state of things. */
  async holdings(db: Db, userId: string): Promise<VerifiedHoldings> {
    const found = new Map<LedgerCheck, Difference>();
    const note = (difference: Difference | undefined): void => {
      if (difference && !found.has(difference.check)) found.set(difference.check, difference);
    };
    const taken = new Map((await this.digests.taken(db, userId)).map((one) => [one.holdingId, one]));
    const holdings = await this.stored(db, userId);
    let rows = 0;
    for (const holding of holdings) {
      const evidence = (await this.queries.evidenceOf(db, userId, [holding.id])).get(holding.id);
      if (evidence) {
        rows += evidence.movements.length + evidence.sightings.length;
        for (const difference of balanceDifferences(holding, evidence)) note(difference);
      }
      const digest = taken.get(holding.id);
      if (!digest) continue;
      const kept = await this.digests.rows(db, userId, holding.id, digest.upTo);
      const now = digestOfRows(kept);
      if (now === digest.digest) continue;
      note({
        check: 'digest',
        where: `${holding.name}, rows recorded up to ${digest.upTo}`,
        stored: `${digest.rows} rows, ${digest.digest}`,
        expected: `${kept.length} rows, ${now}`,
      });
    }
    return { holdings: holdings.length, rows, differences: [...found.values()] };
  }

  private stored(db: Db, userId: string): Promise<HoldingRow[]> {
    return rowsOf<HoldingRow>(
      db,
      `select holding.id, institution.name || ' / ' || account.name || ' / ' || asset.symbol as name, holding.balance,
         holding.missing_inflows, opening.quantity as opening, opening.occurred_at as opening_at
       from holding
       join asset on asset.id = holding.asset_id
       join account on account.id = holding.account_id
       join institution on institution.id = account.institution_id
       left join transaction as opening on opening.holding_id = holding.id and opening.kind = 'opening-balance'
       where holding.user_id = $1 order by name, holding.id`,
      [userId],
    );
  }
}

function balanceDifferences(holding: HoldingRow, evidence: Evidence): Difference[] {
  const settlement = settlementOf(evidence);
  const { opening, missingInflows } = openingBalance(settlement);
  const differing = (check: LedgerCheck, stored: string, expected: string): Difference[] =>
    stored === expected ? [] : [{ check, where: holding.name, stored, expected }];
  const shownOpening = (quantity: string | undefined, at: number | undefined): string =>
    quantity === undefined || at === undefined ? 'none' : `${quantity} at ${new Date(at).toISOString()}`;
  return [
    ...differing(
      'opening-balance',
      shownOpening(
        holding.opening === null ? undefined : decimalText(decimal(holding.opening)),
        holding.opening_at?.getTime(),
      ),
      shownOpening(opening && decimalText(opening.quantity), opening?.at),
    ),
    ...differing('balance', decimalText(decimal(holding.balance)), decimalText(settledBalance(settlement))),
    ...differing('missing-inflows', String(holding.missing_inflows), String(missingInflows)),
  ];
}
