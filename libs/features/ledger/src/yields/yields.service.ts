import { Injectable } from '@nestjs/common';
import { rowOf, rowsOf } from '@scani/database';
import { payoutsDue } from '@scani/domain';
import { JobQueue } from '@scani/jobs';
import { addDays, type Day, dayOf, decimal, parseDay } from '@scani/money';
import { type FieldProblem, Invalid, NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import { EFFECTIVE_TRANSACTION } from '../effective.js';
import { LedgerQueries } from '../ledger.queries.js';
import { accrueYield, termsOf, YIELD_SOURCE, type YieldRow } from './accrue-yield.job.js';
import type { SetYield, Yield } from './yields.dto.js';

interface ShownRow extends YieldRow {
  holding_id: string;
  symbol: string;
  account_name: string;
  paid: string;
}

const HIGHEST_RATE = decimal('10');
/** The next payout lies at most so far ahead: a year, and a day for leap years. */
const LOOK_AHEAD_DAYS = 366;

const SHOWN = `select yield_config.holding_id, asset.symbol, account.name as account_name, yield_config.rate,
    yield_config.payouts_per_year, yield_config.starts_on, yield_config.ends_on, yield_config.accrued_to,
    coalesce((select sum(quantity) from transaction where transaction.holding_id = holding.id
      and transaction.source = '${YIELD_SOURCE}' and ${EFFECTIVE_TRANSACTION}), 0) as paid
  from yield_config
  join holding on holding.id = yield_config.holding_id
  join asset on asset.id = holding.asset_id
  join account on account.id = holding.account_id`;

/** What holdings pay by themselves: the terms, and what has come of them. */
@Injectable()
export class YieldsService {
  constructor(
    private readonly source: DataSource,
    private readonly queries: LedgerQueries,
    private readonly jobs: JobQueue,
  ) {}

  async list(userId: string): Promise<Yield[]> {
    const rows = await rowsOf<ShownRow>(
      this.source,
      `${SHOWN} where yield_config.user_id = $1 order by asset.symbol, yield_config.holding_id`,
      [userId],
    );
    return rows.map(shown);
  }

  async get(userId: string, holdingId: string): Promise<Yield> {
    await this.queries.requireHolding(this.source, userId, holdingId);
    const row = await rowOf<ShownRow>(
      this.source,
      `${SHOWN} where yield_config.user_id = $1 and yield_config.holding_id = $2`,
      [userId, holdingId],
    );
    if (!row) throw new NotFound('yield-not-found', 'This holding has no interest of its own.');
    return shown(row);
  }

  /** New terms hold from the next payout on; what was paid stays. What has come due is recorded at once. */
  async set(userId: string, holdingId: string, wanted: SetYield): Promise<Yield> {
    refuseSenseless(wanted);
    await this.source.transaction(async (db) => {
      await this.queries.requireHolding(db, userId, holdingId);
      await db.query(
        `insert into yield_config (id, user_id, holding_id, rate, payouts_per_year, starts_on, ends_on)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (holding_id) do update set rate = excluded.rate, payouts_per_year = excluded.payouts_per_year,
           starts_on = excluded.starts_on, ends_on = excluded.ends_on
         where yield_config.user_id = $2`,
        [randomUUIDv7(), userId, holdingId, wanted.rate, wanted.payoutsPerYear, wanted.startsOn, wanted.endsOn ?? null],
      );
      await this.jobs.ask(db, accrueYield, { holdingId, userId }, { userId });
    });
    return this.get(userId, holdingId);
  }

  async remove(userId: string, holdingId: string): Promise<void> {
    await this.queries.requireHolding(this.source, userId, holdingId);
    await this.source.query('delete from yield_config where holding_id = $1 and user_id = $2', [holdingId, userId]);
  }
}

function refuseSenseless({ rate, startsOn, endsOn }: SetYield): void {
  const problems: FieldProblem[] = [];
  if (decimal(rate).gt(HIGHEST_RATE))
    problems.push({ pointer: '/rate', detail: 'must be at most 10, which is 1000 %' });
  for (const [pointer, value] of [
    ['/startsOn', startsOn],
    ['/endsOn', endsOn],
  ] as const) {
    if (value && parseDay(value) === undefined) problems.push({ pointer, detail: 'must be a day of the calendar' });
  }
  if (endsOn && endsOn < startsOn) problems.push({ pointer: '/endsOn', detail: 'must not lie before /startsOn' });
  if (problems.length > 0) throw new Invalid('yield-terms', 'These terms make no sense.', problems);
}

function shown(row: ShownRow): Yield {
  const after = row.accrued_to ?? addDays(dayOf(new Date()), -1);
  const [next] = payoutsDue(termsOf(row), after, addDays(after, LOOK_AHEAD_DAYS));
  return {
    holdingId: row.holding_id,
    symbol: row.symbol,
    accountName: row.account_name,
    rate: row.rate,
    payoutsPerYear: row.payouts_per_year,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    accruedTo: row.accrued_to satisfies Day | null,
    paid: row.paid,
    nextDueOn: next ?? null,
  };
}
