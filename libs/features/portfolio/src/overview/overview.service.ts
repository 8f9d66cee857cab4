import { Injectable } from '@nestjs/common';
import { rowsOf } from '@scani/database';
import { figureOf } from '@scani/domain';
import type { HoldingRow } from '@scani/ledger';
import { JobQueue } from '@scani/jobs';
import { addDays, type Day, decimalText } from '@scani/money';
import { DataSource } from 'typeorm';
import { changeOf, shownFigure } from '../figure.dto.js';
import { rebuildRollup } from '../rollup/rollup.jobs.js';
import { RollupQueries } from '../rollup/rollup.queries.js';
import { type Base, reasonOf, type Valuation, ValuationQueries } from '../valuation.queries.js';
import { attentionOf, type FailedJob } from './attention.js';
import { slicesOf } from './allocation.js';
import type {
  Allocation,
  AllocationBy,
  Changes,
  History,
  HistoryQuery,
  PortfolioSummary,
  RollupState,
} from './overview.dto.js';

const RANGE_DAYS = { '1W': 7, '1M': 30, '3M': 91, '1Y': 365 } as const;

/** The figures of the first page. All of them come from one valuation, so they cannot disagree. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly rollups: RollupQueries,
    private readonly jobs: JobQueue,
  ) {}

  async summary(userId: string, asked: string | undefined): Promise<PortfolioSummary> {
    const { base, valuation, state } = await this.look(userId, asked);
    const counted = valuation.holdings.filter((holding) => reasonOf(holding) === null);
    const part = (which: (holding: HoldingRow) => boolean): ReturnType<typeof shownFigure> =>
      shownFigure(figureOf(counted.filter(which).map((holding) => valuation.valuedOf(holding))), base.code);
    return {
      base: base.code,
      // To the minute, so that a page that polls hears of changes and not of the time.
      asOf: `${valuation.at.toISOString().slice(0, 16)}:00Z`,
      value: shownFigure(valuation.figureOf('user', userId), base.code),
      assets: part((holding) => holding.account.kind === 'asset'),
      liabilities: part((holding) => holding.account.kind === 'liability'),
      cash: part((holding) => holding.account.kind === 'asset' && holding.asset.kind === 'fiat'),
      changes: await valuation.once('changes', () => this.changes(valuation)),
      holdings: counted.length,
      accounts: new Set(counted.map((holding) => holding.account_id)).size,
      attention: attentionOf(valuation, counted, await this.failedJobs(userId)),
      rollup: state,
    };
  }

  async allocation(userId: string, by: AllocationBy, asked: string | undefined): Promise<Allocation> {
    const base = await this.valuations.base(this.source, userId, asked);
    const valuation = await this.valuations.now(this.source, userId, base);
    const groups = (await this.source.query('select id, name from groups where user_id = $1', [userId])) as {
      id: string;
      name: string;
    }[];
    return { base: base.code, by, ...slicesOf(valuation, by, new Map(groups.map((group) => [group.id, group.name]))) };
  }

  async history(userId: string, query: HistoryQuery): Promise<History> {
    const { base, valuation, state } = await this.look(userId, query.base);
    const scopeId = await this.valuations.scopeIdOf(this.source, valuation, query.scope, query.id);
    const points = await valuation.once(`history:${query.scope}:${scopeId}:${query.range}`, () =>
      this.points(valuation, query, scopeId),
    );
    return { base: base.code, scope: query.scope, state, points };
  }

  private async points(valuation: Valuation, query: HistoryQuery, scopeId: string): Promise<History['points']> {
    const { userId, base, today } = valuation;
    const now = valuation.figureOf(query.scope, scopeId);
    const from: Day | null = query.range === 'ALL' ? null : addDays(today, -RANGE_DAYS[query.range]);
    const points = await this.rollups.points(this.source, userId, base.code, query.scope, scopeId, from, today);
    const amount = now && now.amount !== null ? decimalText(now.amount) : null;
    return now ? [...points, { day: today, value: amount, coverage: now.coverage }] : points;
  }

  private failedJobs(userId: string): Promise<FailedJob[]> {
    return rowsOf<FailedJob>(
      this.source,
      `select id, title, error from job where user_id = $1 and state = 'failed' and finished_at > now() - interval '7 days'
       order by finished_at desc limit 5`,
      [userId],
    );
  }

  /** The base, what everything is worth in it now, and whether its rollup is up to date; one never built is asked for. */
  async look(
    userId: string,
    asked: string | undefined,
  ): Promise<{ base: Base; valuation: Valuation; state: RollupState }> {
    const base = await this.valuations.base(this.source, userId, asked);
    const valuation = await this.valuations.now(this.source, userId, base);
    if (valuation.holdings.length === 0) return { base, valuation, state: 'empty' };
    const state = await valuation.once('state', () => this.rollups.state(this.source, userId, base.code));
    if (state === 'missing') await this.buildFor(userId, base);
    return { base, valuation, state: state === 'ready' ? 'ready' : 'building' };
  }

  /** A base that nobody has looked at before: its rollup is asked for, and kept from then on. */
  private async buildFor(userId: string, base: Base): Promise<void> {
    await this.source.transaction(async (db) => {
      await db.query('insert into rollup_state (user_id, base_currency) values ($1, $2) on conflict do nothing', [
        userId,
        base.code,
      ]);
      await this.jobs.ask(db, rebuildRollup, { userId });
    });
  }

  private async changes(valuation: Valuation): Promise<Changes> {
    const { userId, base, today } = valuation;
    const first = await this.rollups.firstDay(this.source, userId, base.code);
    const days = {
      day: addDays(today, -1),
      week: addDays(today, -7),
      month: addDays(today, -30),
      year: addDays(today, -365),
      all: first?.day,
    };
    const values = await this.rollups.valuesOn(
      this.source,
      userId,
      base.code,
      'user',
      [userId],
      Object.values(days).filter((day) => day !== undefined),
    );
    const now = valuation.figureOf('user', userId)?.amount;
    const change = (day: Day | undefined): ReturnType<typeof changeOf> => changeOf(now, values.get(`${userId}:${day}`));
    return {
      day: change(days.day),
      week: change(days.week),
      month: change(days.month),
      year: change(days.year),
      all: change(days.all),
    };
  }
}
