import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { costBasis, type CostBasisMethod, type LotSet, QUANTITY_DECIMALS } from '@scani/domain';
import { EFFECTIVE_TRANSACTION } from '@scani/ledger';
import { JobQueue } from '@scani/jobs';
import { fixedOf } from '@scani/money';
import { Conflict, Invalid, NotFound } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { type Base, ValuationQueries } from '../valuation.queries.js';
import type { ChooseLots, ChoosableLot, LotsOfDisposal } from './gains.dto.js';
import { wantGains } from './gains.jobs.js';
import { GainsLedger } from './gains.ledger.js';
import { instant, money, size } from './gains.words.js';

interface DisposalRow {
  id: string;
  holding_id: string;
  symbol: string;
  account_name: string;
  liability: boolean;
  quantity: string;
  occurred_at: Date;
}

/** A person chooses lots by hand: what has more rows than this is not looked through while they wait. */
const MOST_ROWS = 20_000;

/** Which lots were sold, where the method leaves that to the person. */
@Injectable()
export class LotChoicesService {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly ledger: GainsLedger,
    private readonly jobs: JobQueue,
  ) {}

  async lotsOf(userId: string, id: string): Promise<LotsOfDisposal> {
    return this.lotsIn(this.source.manager, userId, await this.disposal(this.source.manager, userId, id));
  }

  async choose(userId: string, id: string, { chosen }: ChooseLots): Promise<LotsOfDisposal> {
    return this.source.transaction(async (db) => {
      const disposal = await this.disposal(db, userId, id);
      const there = await this.lotsIn(db, userId, disposal);
      if (there.method !== 'specific')
        throw new Conflict(
          'method-chooses',
          `By the method of this account (${there.method}) lots are not chosen. Set its method to specific lots first.`,
        );
      checkChoice(chosen, there);
      await db.query('delete from lot_choice where user_id = $1 and disposal_id = $2', [userId, id]);
      await db.query(
        `insert into lot_choice (user_id, disposal_id, acquisition_id, quantity)
         select $1, $2, acquisition_id, quantity from unnest($3::uuid[], $4::numeric[]) as given (acquisition_id, quantity)`,
        [userId, id, chosen.map(({ acquisitionId }) => acquisitionId), chosen.map(({ quantity }) => quantity)],
      );
      await wantGains(db, this.jobs, userId);
      return this.lotsIn(db, userId, disposal);
    });
  }

  private async disposal(db: Db, userId: string, id: string): Promise<DisposalRow> {
    const row = await rowOf<DisposalRow>(
      db,
      `select transaction.id, transaction.holding_id, asset.symbol, account.name as account_name,
         account.kind = 'liability' as liability, abs(transaction.quantity)::text as quantity, transaction.occurred_at
       from transaction
       join holding on holding.id = transaction.holding_id
       join asset on asset.id = holding.asset_id and asset.kind <> 'fiat'
       join account on account.id = holding.account_id
       where transaction.id = $1 and transaction.user_id = $2 and transaction.action_id is null and ${EFFECTIVE_TRANSACTION}
         and sign(transaction.quantity) = case when account.kind = 'liability' then 1 else -1 end`,
      [id, userId],
    );
    if (!row) throw new NotFound('disposal-not-found', 'There is no such sale: nothing went by this transaction.');
    return row;
  }

  private async lotsIn(db: Db, userId: string, disposal: DisposalRow): Promise<LotsOfDisposal> {
    const base = await this.valuations.base(db, userId, undefined);
    const { method, lots } = await this.openBefore(db, userId, base, disposal);
    const rows = await rowsOf<{ acquisition_id: string; quantity: string }>(
      db,
      'select acquisition_id, quantity::text as quantity from lot_choice where user_id = $1 and disposal_id = $2',
      [userId, disposal.id],
    );
    const chosen = new Map(rows.map((row) => [row.acquisition_id, row.quantity]));
    return {
      id: disposal.id,
      symbol: disposal.symbol,
      accountName: disposal.account_name,
      at: disposal.occurred_at.toISOString(),
      quantity: disposal.quantity,
      base: base.code,
      method,
      lots: lots.map((lot) => ({ ...lot, chosen: chosen.get(lot.acquisitionId) ?? '0' })),
    };
  }

  /** Walks the lots up to the sale; parts of one purchase that came over several ways are one. */
  private async openBefore(
    db: Db,
    userId: string,
    base: Base,
    disposal: DisposalRow,
  ): Promise<{ method: CostBasisMethod; lots: Omit<ChoosableLot, 'chosen'>[] }> {
    const held = await this.ledger.held(db, userId);
    const holdings = held.sets.find((set) => set.some(({ id }) => id === disposal.holding_id)) ?? [];
    const method = holdings.find(({ id }) => id === disposal.holding_id)?.method ?? held.method;
    const counts = await this.ledger.counts(db, userId);
    if (holdings.reduce((all, { id }) => all + (counts.get(id) ?? 0), 0) > MOST_ROWS)
      throw new Conflict(
        'too-many-rows',
        `There are more than ${MOST_ROWS} entries: lots are not chosen one by one here.`,
      );
    const { sets } = await this.ledger.read(db, userId, base, held, [holdings], [], disposal.occurred_at);
    const at = disposal.occurred_at.getTime();
    const before = sets.map((set): LotSet => ({
      ...set,
      movements: set.movements.filter(
        (one) => one.at < at || (disposal.liability ? one.quantity < 0n : one.quantity > 0n),
      ),
    }));
    const open = before
      .flatMap((set) => costBasis(set).open)
      .find(({ holdingIds }) => holdingIds.includes(disposal.holding_id));
    const known = (open?.lots ?? []).filter(({ acquisitionId }) => acquisitionId !== null);
    const lots = [...Map.groupBy(known, ({ acquisitionId }) => acquisitionId as string)].map(
      ([acquisitionId, parts]) => ({
        acquisitionId,
        acquiredAt: instant(parts[0]?.acquiredAt ?? null),
        quantity: size(parts.reduce((all, { quantity }) => all + quantity, 0n)),
        cost: parts.some(({ cost }) => cost === null)
          ? null
          : money(parts.reduce((all, { cost }) => all + (cost ?? 0n), 0n)),
      }),
    );
    return { method, lots };
  }
}

function checkChoice(chosen: ChooseLots['chosen'], there: LotsOfDisposal): void {
  const lots = new Map(there.lots.map((lot) => [lot.acquisitionId, lot.quantity]));
  const units = (text: string): bigint => fixedOf(text, QUANTITY_DECIMALS);
  const errors = chosen.flatMap(({ acquisitionId, quantity }, index) => {
    const most = lots.get(acquisitionId);
    if (most === undefined)
      return [{ pointer: `/chosen/${index}/acquisitionId`, detail: 'is no lot that was there then' }];
    return units(quantity) > units(most)
      ? [{ pointer: `/chosen/${index}/quantity`, detail: `must not be above ${most}` }]
      : [];
  });
  if (new Set(chosen.map(({ acquisitionId }) => acquisitionId)).size < chosen.length)
    errors.push({ pointer: '/chosen', detail: 'must name each lot once' });
  const sum = chosen.reduce((all, { quantity }) => all + units(quantity), 0n);
  if (sum > units(there.quantity))
    errors.push({ pointer: '/chosen', detail: `must not be above ${there.quantity} together` });
  if (errors.length > 0) throw new Invalid('lots-do-not-fit', 'These lots do not make up what was sold.', errors);
}
