import { Injectable } from '@nestjs/common';
import { type AssetMatch as CloudMatch, CloudClient, CloudError } from '@scani/cloud';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { Invalid, NotFound, type Page, pageOf, readCursor, Unavailable } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { Asset, AssetKind, AssetMatchList, AssetQuery, CreateAsset, Currency } from './assets.dto.js';

export interface AssetRow {
  id: string;
  user_id: string | null;
  symbol: string;
  name: string;
  kind: AssetKind;
  market_segment: string;
  decimals: number;
  priced: boolean;
}

/** Columns of `asset`, for queries of other slices that show assets beside their own rows. */
export const ASSET_COLUMNS = `asset.id, asset.user_id, asset.symbol, asset.name, asset.kind, asset.market_segment, asset.decimals,
  exists (select 1 from asset_identity where asset_identity.asset_id = asset.id and provider <> 'contract') as priced`;

/** Bridged tokens share one id at CoinGecko; the oldest asset of an id speaks for it. */
const OLDEST_FIRST = 'order by provider, external_id, asset.created_at, asset.id';

const DECIMALS: Record<AssetKind, number> = { fiat: 2, crypto: 18, stock: 8, private: 8, other: 8 };

export function assetOf(row: AssetRow): Asset {
  return {
    id: row.id,
    symbol: row.symbol,
    name: row.name,
    kind: row.kind,
    marketSegment: row.market_segment,
    decimals: row.decimals,
    own: row.user_id !== null,
    priced: row.priced,
  };
}

/** What things are. Assets with an identity at a provider are shared; the others belong to the person who named them. */
@Injectable()
export class AssetsService {
  constructor(
    private readonly source: DataSource,
    private readonly cloud: CloudClient,
  ) {}

  async currencies(): Promise<Currency[]> {
    const rows = await rowsOf<AssetRow>(
      this.source,
      `select ${ASSET_COLUMNS} from asset where kind = 'fiat' and user_id is null order by symbol`,
    );
    return rows.map((row) => ({ assetId: row.id, code: row.symbol, name: row.name, decimals: row.decimals }));
  }

  /** The id of a currency by its code. Throws Invalid that points at the field. */
  async currencyId(db: Db, code: string, pointer: string): Promise<string> {
    const row = await rowOf<{ id: string }>(
      db,
      `select id from asset where kind = 'fiat' and user_id is null and symbol = $1`,
      [code],
    );
    if (row) return row.id;
    throw new Invalid('unknown-currency', `${code} is not a currency that Scani knows.`, [
      { pointer, detail: 'must be the code of a currency, like EUR' },
    ]);
  }

  async list(userId: string, query: AssetQuery): Promise<Page<AssetRow>> {
    const after = readCursor(query.cursor, 2);
    const rows = await rowsOf<AssetRow>(
      this.source,
      `select ${ASSET_COLUMNS} from asset
       where (user_id is null or user_id = $1)
         -- What contracts say of themselves is read by those alone who hold it.
         and (not exists (select 1 from asset_identity where asset_id = asset.id and provider = 'contract')
              or exists (select 1 from holding where asset_id = asset.id and holding.user_id = $1))
         and ($2::text is null or kind = $2)
         and ($3::text is null or symbol ilike $3 || '%' or name ilike '%' || $3 || '%')
         and ($4::text is null or (symbol, id) > ($4, $5::uuid))
       order by symbol, id limit $6`,
      [
        userId,
        query.kind ?? null,
        query.search ? query.search.replaceAll(/[%_\\]/g, String.raw`\$&`) : null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        query.limit + 1,
      ],
    );
    return pageOf(
      rows,
      query.limit,
      (row) => row,
      (row) => [row.symbol, row.id],
    );
  }

  /** One asset that this person may see. Throws NotFound. */
  async get(db: Db, userId: string, id: string): Promise<AssetRow> {
    const row = await rowOf<AssetRow>(
      db,
      `select ${ASSET_COLUMNS} from asset where id = $1 and (user_id is null or user_id = $2)`,
      [id, userId],
    );
    if (!row) throw new NotFound('asset-not-found', 'There is no such asset.');
    return row;
  }

  /** Asks the data-provider. That it is away is an answer, not a failure: known assets can still be chosen. */
  async search(query: string): Promise<AssetMatchList> {
    let matches: CloudMatch[];
    try {
      matches = await this.cloud.searchAssets(query);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return { items: [], unavailable: 'Asset search is not available right now. You can still add an asset by hand.' };
    }
    const known = await rowsOf<{ provider: string; external_id: string; asset_id: string }>(
      this.source,
      `select distinct on (provider, external_id) provider, external_id, asset_id
       from asset_identity join asset on asset.id = asset_identity.asset_id
       where (provider, external_id) in (select * from unnest($1::text[], $2::text[])) ${OLDEST_FIRST}`,
      [matches.map((match) => match.provider), matches.map((match) => match.externalId)],
    );
    const idOf = new Map(known.map((row) => [`${row.provider}:${row.external_id}`, row.asset_id]));
    return {
      items: matches.map((match) => ({ ...match, assetId: idOf.get(`${match.provider}:${match.externalId}`) ?? null })),
      unavailable: null,
    };
  }

  async create(userId: string, wanted: CreateAsset): Promise<AssetRow> {
    return wanted.identity ? this.createShared(userId, wanted.symbol, wanted.identity) : this.createOwn(userId, wanted);
  }

  private async createOwn(userId: string, wanted: CreateAsset): Promise<AssetRow> {
    if (wanted.kind === 'fiat') {
      throw new Invalid('fiat-is-shared', 'Choose a currency from the list.', [
        { pointer: '/kind', detail: 'must not be fiat' },
      ]);
    }
    await this.source.query(
      `insert into asset (id, user_id, symbol, name, kind, market_segment, decimals) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict do nothing`,
      [
        randomUUIDv7(),
        userId,
        wanted.symbol,
        wanted.name,
        wanted.kind,
        wanted.marketSegment ?? '',
        wanted.decimals ?? DECIMALS[wanted.kind],
      ],
    );
    const row = await rowOf<{ id: string }>(
      this.source,
      'select id from asset where user_id = $1 and symbol = $2 and kind = $3 and market_segment = $4',
      [userId, wanted.symbol, wanted.kind, wanted.marketSegment ?? ''],
    );
    return this.get(this.source, userId, row?.id ?? '');
  }

  /** Everybody sees a shared asset, so its words come from the provider and not from who adds it. */
  private async createShared(
    userId: string,
    symbol: string,
    identity: { provider: string; externalId: string },
  ): Promise<AssetRow> {
    const known = await this.idOf(this.source, identity);
    if (known) return this.get(this.source, userId, known);
    const match = await this.confirm(symbol, identity);
    const id = await this.source.transaction(async (db) => {
      const row = await rowOf<{ id: string }>(
        db,
        `insert into asset (id, symbol, name, kind, market_segment, decimals) values ($1, $2, $3, $4, $5, $6)
         on conflict (user_id, symbol, kind, market_segment) do update set name = asset.name returning id`,
        [randomUUIDv7(), match.symbol, match.name, match.kind, match.marketSegment, DECIMALS[match.kind]],
      );
      await db.query(
        'insert into asset_identity (asset_id, provider, external_id) values ($1, $2, $3) on conflict do nothing',
        [row?.id, identity.provider, identity.externalId],
      );
      return this.idOf(db, identity);
    });
    if (!id) {
      throw new Invalid('asset-taken', `${match.symbol} is already known as something else at ${identity.provider}.`);
    }
    return this.get(this.source, userId, id);
  }

  private async confirm(symbol: string, identity: { provider: string; externalId: string }): Promise<CloudMatch> {
    let matches: CloudMatch[];
    try {
      matches = await this.cloud.searchAssets(symbol);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      throw new Unavailable(
        'search-unavailable',
        'The asset cannot be looked up right now. Try again in a minute.',
        60,
      );
    }
    const match = matches.find((one) => one.provider === identity.provider && one.externalId === identity.externalId);
    if (match) return match;
    throw new Invalid('unknown-asset', `No provider knows this as ${symbol}.`, [
      { pointer: '/identity', detail: 'must be one of the matches of the asset search for this symbol' },
    ]);
  }

  private async idOf(db: Db, identity: { provider: string; externalId: string }): Promise<string | undefined> {
    const row = await rowOf<{ asset_id: string }>(
      db,
      `select asset_id from asset_identity join asset on asset.id = asset_identity.asset_id
       where provider = $1 and external_id = $2 ${OLDEST_FIRST} limit 1`,
      [identity.provider, identity.externalId],
    );
    return row?.asset_id;
  }
}
