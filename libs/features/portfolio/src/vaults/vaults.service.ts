import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { figureOf, sliceOf, VALUE_DECIMALS, vaultProgress } from '@scani/domain';
import { AssetsService } from '@scani/market';
import { type Day, decimal, decimalText, fixedText, parseDay } from '@scani/money';
import { Conflict, type FieldProblem, Invalid, NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import { shownFigure } from '../figure.dto.js';
import { reasonOf, type Valuation, ValuationQueries } from '../valuation.queries.js';
import type { CreateVault, SetSlice, UpdateVault, Vault } from './vaults.dto.js';

interface VaultRow {
  id: string;
  name: string;
  target: string;
  currency: string;
  due_on: Day | null;
  created_at: Date;
  slices: { holdingId: string; percent: string }[];
}

const SELECT = `select vault.id, vault.name, vault.target, vault.currency, vault.due_on, vault.created_at,
    coalesce((select json_agg(json_build_object('holdingId', holding_id, 'percent', percent::text) order by holding_id)
              from vault_slice where vault_slice.vault_id = vault.id), '[]') as slices
  from vault where vault.user_id = $1`;
const WHOLE = decimal('100');
const PERCENT_DECIMALS = 6;

/** Savings goals made of shares of holdings; a share belongs to one goal alone. */
@Injectable()
export class VaultsService {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly assets: AssetsService,
  ) {}

  async list(userId: string): Promise<Vault[]> {
    const rows = await rowsOf<VaultRow>(this.source, `${SELECT} order by vault.created_at, vault.id limit 200`, [
      userId,
    ]);
    return this.shown(userId, rows);
  }

  async get(userId: string, id: string): Promise<Vault> {
    const [vault] = await this.shown(userId, [await this.row(this.source, userId, id)]);
    return vault as Vault;
  }

  async create(userId: string, wanted: CreateVault): Promise<Vault> {
    refuseBadDay(wanted.dueOn);
    await this.assets.currencyId(this.source, wanted.currency, '/currency');
    const id = randomUUIDv7();
    const added = await rowOf(
      this.source,
      `insert into vault (id, user_id, name, target, currency, due_on) values ($1, $2, $3, $4, $5, $6)
       on conflict (user_id, name) do nothing returning id`,
      [id, userId, wanted.name.trim(), wanted.target, wanted.currency, wanted.dueOn ?? null],
    );
    if (!added) throw nameTaken(wanted.name);
    return this.get(userId, id);
  }

  async update(userId: string, id: string, changes: UpdateVault): Promise<Vault> {
    refuseBadDay(changes.dueOn);
    await this.source.transaction(async (db) => {
      await this.row(db, userId, id);
      const taken = await rowOf(db, 'select 1 from vault where user_id = $1 and name = $2 and id <> $3', [
        userId,
        changes.name?.trim() ?? null,
        id,
      ]);
      if (taken) throw nameTaken(changes.name ?? '');
      await db.query(
        `update vault set name = coalesce($3, name), target = coalesce($4, target),
           due_on = case when $5 then $6::date else due_on end where id = $1 and user_id = $2`,
        [
          id,
          userId,
          changes.name?.trim() ?? null,
          changes.target ?? null,
          changes.dueOn !== undefined,
          changes.dueOn ?? null,
        ],
      );
    });
    return this.get(userId, id);
  }

  async remove(userId: string, id: string): Promise<void> {
    const gone = await rowOf(this.source, 'delete from vault where id = $1 and user_id = $2 returning id', [
      id,
      userId,
    ]);
    if (!gone) throw notFound();
  }

  /** Replaces the slices. Of a holding no more than 100 % can be put aside, over all vaults together. */
  async setSlices(userId: string, id: string, slices: readonly SetSlice[]): Promise<Vault> {
    refuseBadPercents(slices);
    await this.source.transaction(async (db) => {
      await this.row(db, userId, id);
      const ids = slices.map((slice) => slice.holdingId);
      await this.lockHoldings(db, userId, ids);
      await db.query('delete from vault_slice where vault_id = $1 and user_id = $2', [id, userId]);
      await this.refuseOverfull(db, userId, slices);
      await db.query(
        `insert into vault_slice (vault_id, holding_id, user_id, percent)
         select $1, given.holding_id, $2, given.percent from unnest($3::uuid[], $4::numeric[]) as given (holding_id, percent)`,
        [id, userId, ids, slices.map((slice) => slice.percent)],
      );
    });
    return this.get(userId, id);
  }

  /** Two requests that put the same holding aside come one after the other. */
  private async lockHoldings(db: Db, userId: string, ids: readonly string[]): Promise<void> {
    const mine = await rowsOf<{ id: string; liability: boolean }>(
      db,
      `select holding.id, account.kind = 'liability' as liability
       from holding join account on account.id = holding.account_id
       where holding.user_id = $1 and holding.id = any($2) order by holding.id for update of holding`,
      [userId, ids],
    );
    const kinds = new Map(mine.map((row) => [row.id, row.liability]));
    const problems = ids.flatMap((id, index): FieldProblem[] => {
      const pointer = `/slices/${index}/holdingId`;
      if (!kinds.has(id)) return [{ pointer, detail: 'is no holding of yours' }];
      return kinds.get(id) ? [{ pointer, detail: 'is something you owe; a vault is made of what you own' }] : [];
    });
    if (problems.length > 0) throw new Invalid('slice-holding', 'These holdings cannot be put aside.', problems);
  }

  private async refuseOverfull(db: Db, userId: string, slices: readonly SetSlice[]): Promise<void> {
    const rows = await rowsOf<{ holding_id: string; percent: string }>(
      db,
      `select holding_id, sum(percent) as percent from vault_slice
       where user_id = $1 and holding_id = any($2) group by holding_id`,
      [userId, slices.map((slice) => slice.holdingId)],
    );
    const elsewhere = new Map(rows.map((row) => [row.holding_id, decimal(row.percent)]));
    const problems = slices.flatMap(({ holdingId, percent }, index): FieldProblem[] => {
      const left = WHOLE.minus(elsewhere.get(holdingId) ?? 0);
      if (decimal(percent).lte(left)) return [];
      return [
        {
          pointer: `/slices/${index}/percent`,
          detail: `must be at most ${decimalText(left)}: the rest is in other vaults`,
        },
      ];
    });
    if (problems.length > 0)
      throw new Invalid('slice-overfull', 'More than all of a holding cannot be put aside.', problems);
  }

  private async row(db: Db, userId: string, id: string): Promise<VaultRow> {
    const row = await rowOf<VaultRow>(db, `${SELECT} and vault.id = $2`, [userId, id]);
    if (!row) throw notFound();
    return row;
  }

  /** One valuation for each currency that the vaults are in. */
  private async shown(userId: string, rows: readonly VaultRow[]): Promise<Vault[]> {
    const valuations = new Map<string, Valuation>();
    for (const currency of new Set(rows.map((row) => row.currency))) {
      const base = await this.valuations.base(this.source, userId, currency);
      valuations.set(currency, await this.valuations.now(this.source, userId, base));
    }
    return rows.map((row) => shownVault(row, valuations.get(row.currency) as Valuation));
  }
}

function shownVault(row: VaultRow, valuation: Valuation): Vault {
  const parts = row.slices.flatMap(({ holdingId, percent }) => {
    const holding = valuation.holdings.find((one) => one.id === holdingId);
    const valued = holding && valuation.valuedOf(holding);
    return valued ? [{ holding, percent, valued: sliceOf(valued, decimal(percent)) }] : [];
  });
  const counted = parts.filter(({ holding }) => reasonOf(holding) === null);
  const figure = figureOf(counted.map((part) => part.valued));
  const progress = vaultProgress(figure.amount, decimal(row.target), row.due_on, valuation.today);
  return {
    id: row.id,
    name: row.name,
    target: row.target,
    currency: row.currency,
    dueOn: row.due_on,
    saved: shownFigure(figure, row.currency),
    ratio: progress.ratio && decimalText(progress.ratio),
    missing: progress.missing && decimalText(progress.missing),
    monthly: progress.monthly && decimalText(progress.monthly),
    slices: parts.map(({ holding, percent, valued }) => ({
      holdingId: holding.id,
      symbol: holding.asset.symbol,
      accountName: holding.account.name,
      percent,
      value: valued.amount === null ? null : fixedText(valued.amount, VALUE_DECIMALS),
      uncounted: reasonOf(holding),
    })),
    createdAt: row.created_at.toISOString(),
  };
}

function refuseBadDay(dueOn: string | null | undefined): void {
  if (!dueOn || parseDay(dueOn) !== undefined) return;
  throw new Invalid('no-such-day', 'This is no day of the calendar.', [
    { pointer: '/dueOn', detail: 'must be a day like 2026-03-01' },
  ]);
}

function refuseBadPercents(slices: readonly SetSlice[]): void {
  const seen = new Set<string>();
  const problems = slices.flatMap(({ holdingId, percent }, index): FieldProblem[] => {
    const isTwice = seen.has(holdingId);
    seen.add(holdingId);
    if (isTwice) return [{ pointer: `/slices/${index}/holdingId`, detail: 'is there twice' }];
    const value = decimal(percent);
    if (value.lte(WHOLE) && value.decimalPlaces() <= PERCENT_DECIMALS) return [];
    return [{ pointer: `/slices/${index}/percent`, detail: 'must be at most 100, with up to six decimals' }];
  });
  if (problems.length > 0) throw new Invalid('slices', 'These slices make no sense.', problems);
}

const nameTaken = (name: string): Conflict =>
  new Conflict('vault-name-taken', `You have a vault named ${name} already.`);

const notFound = (): NotFound => new NotFound('vault-not-found', 'There is no such vault.');
