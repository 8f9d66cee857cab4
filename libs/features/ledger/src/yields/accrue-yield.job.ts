import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { balanceAt, type Evidence, interestOf, payoutsDue, type PayoutsPerYear, type YieldTerms } from '@scani/domain';
import { defineJob, handle, type HandledJob, JobQueue } from '@scani/jobs';
import { type Day, dayOf, decimal, startOf } from '@scani/money';
import { DataSource } from 'typeorm';
import { LedgerQueries } from '../ledger.queries.js';
import { LedgerService, type TransactionDraft } from '../ledger.service.js';

/** Records the interest that has come due on one holding. */
export const accrueYield = defineJob<{ holdingId: string; userId: string }>({
  name: 'accrue-yield',
  title: 'Interest',
  key: ({ holdingId }) => holdingId,
  firstRetryMs: 5_000,
});

/** Nightly: the same for every holding that yields. */
export const yieldNight = defineJob<Record<string, never>>({
  name: 'yield-night',
  title: 'Nightly interest',
  key: () => 'all',
});

export const YIELD_SOURCE = 'yield';

export interface YieldRow {
  rate: string;
  payouts_per_year: PayoutsPerYear;
  starts_on: Day;
  ends_on: Day | null;
  accrued_to: Day | null;
}

export const termsOf = (row: YieldRow): YieldTerms => ({
  rate: decimal(row.rate),
  payoutsPerYear: row.payouts_per_year,
  startsOn: row.starts_on,
  endsOn: row.ends_on,
});

/** One payout a due day, on what was held as the day began; what was paid before earns from then on. */
@Injectable()
export class YieldJobs {
  constructor(
    private readonly source: DataSource,
    private readonly ledger: LedgerService,
    private readonly queries: LedgerQueries,
    private readonly jobs: JobQueue,
  ) {}

  handlers(): HandledJob[] {
    return [
      handle(accrueYield, ({ holdingId, userId }) =>
        this.source.transaction((db) => this.accrue(db, userId, holdingId)),
      ),
      handle(yieldNight, (_, { jobId }) => this.askAll(jobId)),
    ];
  }

  private async askAll(jobId: string): Promise<void> {
    const rows = await rowsOf<{ holding_id: string; user_id: string }>(
      this.source,
      'select holding_id, user_id from yield_config order by holding_id',
    );
    for (const { holding_id: holdingId, user_id: userId } of rows)
      await this.jobs.ask(this.source, accrueYield, { holdingId, userId }, { partOf: jobId });
  }

  private async accrue(db: Db, userId: string, holdingId: string): Promise<void> {
    const { account_id: accountId, asset_id: assetId } = await this.queries.requireHolding(db, userId, holdingId);
    // As LedgerService.record does: nothing else is recorded here meanwhile.
    await db.query('select 1 from account where id = $1 and user_id = $2 for update', [accountId, userId]);
    const config = await rowOf<YieldRow>(
      db,
      'select rate, payouts_per_year, starts_on, ends_on, accrued_to from yield_config where holding_id = $1 and user_id = $2',
      [holdingId, userId],
    );
    if (!config) return;
    const today = dayOf(new Date());
    const due = payoutsDue(termsOf(config), config.accrued_to, today);
    const evidence = (await this.queries.evidenceOf(db, userId, [holdingId])).get(holdingId);
    const transactions = evidence ? payouts(evidence, termsOf(config), due, assetId) : [];
    if (transactions.length > 0) {
      await this.ledger.record(db, { userId, accountId, source: YIELD_SOURCE, transactions, observations: [] });
    }
    await db.query('update yield_config set accrued_to = $3 where holding_id = $1 and user_id = $2', [
      holdingId,
      userId,
      today,
    ]);
  }
}

function payouts(evidence: Evidence, terms: YieldTerms, due: readonly Day[], assetId: string): TransactionDraft[] {
  const movements = [...evidence.movements];
  return due.flatMap((on): TransactionDraft[] => {
    const occurredAt = startOf(on);
    const balance = balanceAt({ ...evidence, movements }, occurredAt.getTime() - 1).quantity;
    const quantity = interestOf(balance, terms);
    if (quantity.isZero()) return [];
    movements.push({ at: occurredAt.getTime(), quantity });
    movements.sort((one, other) => one.at - other.at);
    return [{ assetId, kind: 'interest', quantity, occurredAt, externalId: `due:${on}` }];
  });
}
