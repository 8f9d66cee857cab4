import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import { ASSET_COLUMNS, assetOf, type AssetRow, AssetsService } from '@scani/market';
import { Conflict, Invalid, NotFound } from '@scani/runtime';
import { DataSource } from 'typeorm';
import type { SeenPosition, StagedPosition } from '../by-ai/screenshot.reader.js';
import type { Closing } from '../formats/statement.js';
import { ImportQueries } from '../imports/import.queries.js';
import type { ImportPosition, UpdatePosition } from './positions.dto.js';

interface PositionRow {
  ordinal: number;
  seen: SeenPosition;
  quantity: string | null;
  included: boolean;
  current: string | null;
  asset: AssetRow | null;
}

const POSITION_COLUMNS = `position.ordinal, position.seen, position.quantity::text, position.included,
  holding.balance::text as current, case when asset.id is not null then to_jsonb(asset) end as asset`;

/** More than any picture has. */
const MOST_POSITIONS = 10_000;

/** Which positions of a picture are recorded, and as what. */
@Injectable()
export class PositionsService {
  constructor(
    private readonly source: DataSource,
    private readonly queries: ImportQueries,
    private readonly assets: AssetsService,
  ) {}

  async list(userId: string, importId: string): Promise<ImportPosition[]> {
    await this.queries.get(this.source, userId, importId);
    return (await this.rows(this.source, userId, importId)).map(shown);
  }

  async update(userId: string, importId: string, ordinal: number, wanted: UpdatePosition): Promise<ImportPosition> {
    return this.source.transaction(async (db) => {
      await this.requireReviewed(db, userId, importId);
      if (ordinal < 1 || ordinal > MOST_POSITIONS)
        throw new NotFound('position-not-found', 'There is no such position.');
      if (wanted.assetId !== null) await this.assets.get(db, userId, wanted.assetId);
      const changed = await rowsOf(
        db,
        `update import_position set asset_id = $3, quantity = $4, included = $5 where import_id = $1 and ordinal = $2 returning 1`,
        [importId, ordinal, wanted.assetId, wanted.quantity, wanted.included],
      );
      if (changed.length === 0) throw new NotFound('position-not-found', 'There is no such position.');
      await this.count(db, importId);
      const row = (await this.rows(db, userId, importId)).find((one) => one.ordinal === ordinal);
      return shown(row as PositionRow);
    });
  }

  /** Says when what the picture shows was so. Joins the caller's transaction. */
  async setSeenAt(db: Db, userId: string, importId: string, at: string): Promise<void> {
    await this.requireReviewed(db, userId, importId);
    await db.query('update import set seen_at = $2 where id = $1 and user_id = $3', [importId, seenAtOf(at), userId]);
  }

  /** Replaces what an earlier run staged. Joins the caller's transaction. */
  async stage(db: Db, importId: string, positions: readonly StagedPosition[]): Promise<void> {
    await db.query('delete from import_position where import_id = $1', [importId]);
    await db.query(
      `insert into import_position (import_id, ordinal, seen, asset_id, quantity)
       select $1, given.* from unnest($2::int[], $3::jsonb[], $4::uuid[], $5::numeric[]) as given`,
      [
        importId,
        positions.map((_, index) => index + 1),
        positions.map(({ seen }) => JSON.stringify(seen)),
        positions.map(({ assetId }) => assetId),
        positions.map(({ quantity }) => quantity),
      ],
    );
    await this.count(db, importId);
  }

  /** The balances that are to be recorded. Throws Conflict while one of them is not complete. Joins the caller's transaction. */
  async toRecord(db: Db, userId: string, importId: string, seenAt: Date): Promise<Closing[]> {
    const rows = (await this.rows(db, userId, importId)).filter(({ included }) => included);
    if (rows.length === 0) {
      throw new Conflict('nothing-included', 'Every position is left out. Include one, or discard the import.');
    }
    const open = rows.filter(({ asset, quantity }) => asset === null || quantity === null);
    if (open.length > 0) {
      throw new Conflict(
        'positions-open',
        `${open.length} ${open.length === 1 ? 'position lacks' : 'positions lack'} an asset or a quantity. Complete ${open.length === 1 ? 'it' : 'them'}, or leave ${open.length === 1 ? 'it' : 'them'} out.`,
        { ordinals: open.map(({ ordinal }) => ordinal) },
      );
    }
    const twice = [...Map.groupBy(rows, ({ asset }) => asset?.id).values()].find((same) => same.length > 1);
    if (twice) {
      throw new Conflict(
        'asset-twice',
        `${twice[0]?.asset?.symbol ?? 'One asset'} is there more than once. Leave all but one of them out, with the whole balance in it.`,
        { ordinals: twice.map(({ ordinal }) => ordinal) },
      );
    }
    return rows.map(({ asset, quantity }) => ({
      currency: asset?.symbol ?? '',
      assetId: asset?.id ?? '',
      balance: quantity ?? '',
      at: seenAt.toISOString(),
    }));
  }

  private rows(db: Db, userId: string, importId: string): Promise<PositionRow[]> {
    return rowsOf<PositionRow>(
      db,
      `select ${POSITION_COLUMNS} from import_position as position
       join import on import.id = position.import_id
       left join lateral (select ${ASSET_COLUMNS} from asset where asset.id = position.asset_id) as asset on true
       left join holding on holding.account_id = import.account_id and holding.asset_id = position.asset_id
       where position.import_id = $1 and import.user_id = $2 order by position.ordinal`,
      [importId, userId],
    );
  }

  /** New are those that would be recorded, problems those that are included and not complete. */
  private async count(db: Db, importId: string): Promise<void> {
    await db.query(
      `update import set row_count = counted.rows, new_count = counted.ready, problem_count = counted.open, known_count = 0
       from (select count(*) as rows,
               count(*) filter (where included and asset_id is not null and quantity is not null) as ready,
               count(*) filter (where included and (asset_id is null or quantity is null)) as open
             from import_position where import_id = $1) as counted
       where import.id = $1`,
      [importId],
    );
  }

  private async requireReviewed(db: Db, userId: string, importId: string): Promise<void> {
    const { state, format } = await this.queries.get(db, userId, importId, true);
    if (format === 'screenshot' && state === 'to-review') return;
    throw new Conflict('import-state', 'Positions can be changed while a picture waits for your review.', { state });
  }
}

const FARTHEST_AHEAD_MS = 60_000;

/** Throws Invalid for what has not come yet, and for what is too long ago to be of this product. */
export function seenAtOf(text: string, pointer = '/at'): Date {
  const at = new Date(text);
  if (at.getTime() > Date.now() + FARTHEST_AHEAD_MS || at.getTime() < 0) {
    throw new Invalid('seen-at', 'A picture shows what was so at some time since 1970, not later than now.', [
      { pointer, detail: 'must not be later than now' },
    ]);
  }
  return at;
}

function shown({ ordinal, seen, quantity, included, current, asset }: PositionRow): ImportPosition {
  return {
    ordinal,
    name: seen.name,
    symbol: seen.symbol,
    kind: seen.kind,
    written: { quantity: seen.quantity, price: seen.price, value: seen.value },
    price: seen.read.price,
    value: seen.read.value,
    currency: seen.currency,
    confidence: seen.confidence,
    doubts: seen.doubts,
    candidates: seen.candidates.map((candidate) => ({ ...candidate })),
    asset: asset && assetOf(asset),
    quantity,
    current,
    included,
  };
}
