import { Injectable } from '@nestjs/common';
import { type Db, rowOf } from '@scani/database';
import {
  type Figure,
  figuresNow,
  type PriceGraph,
  QUANTITY_DECIMALS,
  type Rate,
  type RollupHolding,
  type Scope,
  uncountedReason,
  type Valued,
  valuedAt,
} from '@scani/domain';
import { type HoldingRow, LedgerQueries } from '@scani/ledger';
import { RateQueries } from '@scani/market';
import { type Day, dayOf, decimal, fixedOf } from '@scani/money';
import { Invalid, NotFound } from '@scani/runtime';
import { LRUCache } from 'lru-cache';
import { NextFlight } from './next-flight.js';
import { versionOf } from './valuation.version.js';

export interface Base {
  code: string;
  assetId: string;
}

/** Everything that a page of figures needs, computed once: the headline and its parts come from the same values. */
export interface Valuation {
  userId: string;
  base: Base;
  at: Date;
  today: Day;
  holdings: readonly HoldingRow[];
  figureOf(scope: Scope, id: string): Figure | undefined;
  rateOf(holding: HoldingRow): Rate | undefined;
  /** A holding as a part of totals. */
  valuedOf(holding: HoldingRow): Valued;
  /** What was worked out from it once, for all who ask for the same while nothing changes. */
  once<T>(key: string, work: () => Promise<T>): Promise<T>;
}

const KEPT = 64;
/** Prices grow old without anything being written. */
const KEPT_MS = 10_000;

/** What a portfolio is worth now. */
@Injectable()
export class ValuationQueries {
  private readonly versions = new NextFlight<string>();
  private readonly kept = new LRUCache<string, Promise<Valuation>>({ max: KEPT, ttl: KEPT_MS });

  constructor(
    private readonly ledger: LedgerQueries,
    private readonly rates: RateQueries,
  ) {}

  /** The currency that figures are shown in: the one asked for, else the person's own. */
  async base(db: Db, userId: string, asked: string | undefined): Promise<Base> {
    const row = await rowOf<{ code: string; asset_id: string | null }>(
      db,
      `select coalesce($2, users.base_currency) as code, asset.id as asset_id
       from users left join asset on asset.user_id is null and asset.kind = 'fiat' and asset.symbol = coalesce($2, users.base_currency)
       where users.id = $1`,
      [userId, asked ?? null],
    );
    if (row?.asset_id) return { code: row.code, assetId: row.asset_id };
    throw new Invalid('unknown-currency', `${asked ?? 'This'} is not a currency that Scani knows.`, [
      { pointer: '/base', detail: 'must be the code of a currency, like EUR' },
    ]);
  }

  /** The id of the thing that a scope means. Throws Invalid without one, NotFound where it is not this person's. */
  async scopeIdOf(db: Db, valuation: Valuation, scope: Scope, id: string | undefined): Promise<string> {
    if (id && valuation.figureOf(scope, id)) return id;
    // An account or institution without holdings has no figure; it is there all the same.
    return this.requireScope(db, valuation.userId, scope, id);
  }

  /** The same without a valuation. */
  async requireScope(db: Db, userId: string, scope: Scope, id: string | undefined): Promise<string> {
    if (scope === 'user') return userId;
    if (!id)
      throw new Invalid('id-missing', `Say which ${scope} is meant.`, [{ pointer: '/id', detail: 'must be given' }]);
    const there = await rowOf(db, `select 1 from ${scope} where id = $1 and user_id = $2`, [id, userId]);
    if (!there) throw new NotFound(`${scope}-not-found`, `There is no such ${scope}.`);
    return id;
  }

  /**
   * What a person's holdings are worth now; the same answer for some seconds, unless anything that it is made of was
   * written: what was saved before this is asked is always in it.
   */
  async now(db: Db, userId: string, base: Base): Promise<Valuation> {
    const version = await this.versions.ask(userId, () => versionOf(db, userId));
    const key = `${userId}:${base.code}:${dayOf(new Date())}:${version}`;
    const known = this.kept.get(key);
    if (known) return known;
    const found = this.valued(db, userId, base);
    this.kept.set(key, found);
    found.catch(() => this.kept.delete(key));
    return found;
  }

  private async valued(db: Db, userId: string, base: Base): Promise<Valuation> {
    const holdings = await this.ledger.holdings(db, userId);
    const prices = await this.rates.latest(db, userId, [...holdings.map((holding) => holding.asset.id), base.assetId]);
    const at = new Date();
    const rates = new Map<string, Rate | undefined>();
    const answers = new Map<string, Promise<unknown>>();
    const figures = figuresNow({
      userId,
      base: base.assetId,
      prices,
      now: at.getTime(),
      holdings: holdings.map((holding) => ({
        ...rollupHolding(holding, prices),
        evidence: {
          movements: [],
          sightings: [{ at: at.getTime(), balance: decimal(holding.balance) }],
          liability: holding.account.kind === 'liability',
        },
      })),
    });
    const rateOf = ({ asset: { id } }: HoldingRow): Rate | undefined => {
      if (!rates.has(id)) rates.set(id, prices.rate(id, base.assetId, at.getTime(), at.getTime()));
      return rates.get(id);
    };
    return {
      userId,
      base,
      at,
      today: dayOf(at),
      holdings,
      figureOf: (scope, id) => figures.get(`${scope}:${id}`),
      rateOf,
      valuedOf: (holding) =>
        valuedAt(
          { quantity: fixedOf(holding.balance, QUANTITY_DECIMALS), beforeRecords: false, drifting: false },
          rateOf(holding),
          rollupHolding(holding, prices).unpriceable,
        ),
      once: <T>(key: string, work: () => Promise<T>): Promise<T> => {
        const done = (answers.get(key) as Promise<T> | undefined) ?? work();
        answers.set(key, done);
        done.catch(() => answers.delete(key));
        return done;
      },
    };
  }
}

/** A holding as the rules of the rollup see it, without its evidence. */
export function rollupHolding(holding: HoldingRow, prices: PriceGraph): Omit<RollupHolding, 'evidence'> {
  return {
    holdingId: holding.id,
    accountId: holding.account_id,
    institutionId: holding.account.institution_id,
    assetId: holding.asset.id,
    counted: reasonOf(holding) === null,
    unpriceable: !holding.asset.priced && !prices.knows(holding.asset.id),
    isCurrency: holding.asset.kind === 'fiat',
  };
}

export function reasonOf(holding: HoldingRow): 'hidden' | 'archived' | 'scam' | null {
  return uncountedReason({
    hidden: holding.hidden,
    active: holding.account.archived_at === null,
    scamProbability: decimal(holding.scam_probability),
  });
}

/** Whether a holding lies in a scope, counted or not. */
export function isWithin(holding: HoldingRow, scope: Scope, scopeId: string): boolean {
  if (scope === 'holding') return holding.id === scopeId;
  if (scope === 'account') return holding.account_id === scopeId;
  return scope === 'user' || holding.account.institution_id === scopeId;
}

/** Whether a holding is part of the figures of a scope that it lies in; its own figure it always has. */
export const countsIn = (holding: HoldingRow, scope: Scope): boolean =>
  scope === 'holding' || reasonOf(holding) === null;
