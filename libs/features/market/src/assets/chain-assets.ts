import { Injectable } from '@nestjs/common';
import type { ChainAsset } from '@scani/cloud';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { SCAM_LIMIT, scamProbability, shownName, shownSymbol } from '@scani/domain';
import { decimal, decimalText } from '@scani/money';
import { randomUUIDv7 } from 'node:crypto';

/** The identity by which a token is told from all others of its symbol: `<chain>:<contract>`. */
export const CONTRACT_PROVIDER = 'contract';
/** The source of prices that says of a contract which coin it is, and lists no coin that nobody trades. */
const LISTING_PROVIDER = 'coingecko';
const MOST_DECIMALS = 24;
const LONGEST_IDENTITY = 200;
/** One at a time makes assets of chains, so that two of one contract never meet. */
const MAKING_ASSETS = 7_361_001;

/** What a token is called within its chain; the native coin is ''. */
export const tokenOf = ({ contract }: Pick<ChainAsset, 'contract'>): string =>
  // Hex is written in either case, other scripts mean what they say.
  contract === null ? '' : /^0x[0-9a-f]*$/i.test(contract) ? contract.toLowerCase() : contract;

const identityOf = (chain: string, token: string): string => `${chain}:${token}`;

interface Token {
  token: string;
  asset: ChainAsset;
  known: readonly { provider: string; externalId: string }[];
}

/**
 * Assets as chains know them. Each token of each chain is an asset of its own, told by its contract; the native coin is the
 * asset that it is everywhere, so that it is one with what an exchange holds of it.
 */
@Injectable()
export class ChainAssets {
  /**
   * The ids of these assets of a chain by `tokenOf`, made where they are not known yet. Joins the caller's transaction.
   * What a contract says of itself is shown to everybody who holds it, so it is cut to what cannot mislead a page.
   */
  async ensure(db: Db, chain: string, assets: readonly ChainAsset[]): Promise<Map<string, string>> {
    const wanted = new Map<string, Token>();
    for (const asset of assets) {
      const token = tokenOf(asset);
      if (!wanted.has(token)) wanted.set(token, { token, asset, known: identitiesOf(asset) });
    }
    const ids = await this.find(
      db,
      chain,
      [...wanted.values()].map(({ asset }) => asset),
    );
    const missing = [...wanted.values()].filter(({ token }) => !ids.has(token));
    if (missing.length > 0) {
      await db.query('select pg_advisory_xact_lock($1)', [MAKING_ASSETS]);
      for (const one of missing) ids.set(one.token, await this.make(db, chain, one));
    }
    // By what sources of prices know them may be found out later than that they are there.
    const told = [...wanted.values()].flatMap(({ token, known }) =>
      known.map((identity) => ({ id: ids.get(token) as string, ...identity })),
    );
    await this.identify(db, told);
    await this.rescore(
      db,
      missing.map(({ token }) => ids.get(token) as string),
      new Set(),
    );
    return ids;
  }

  /** Those that are known already. */
  async find(db: Db, chain: string, assets: readonly ChainAsset[]): Promise<Map<string, string>> {
    const tokens = [...new Set(assets.map(tokenOf).filter((token) => token !== ''))];
    const rows = await rowsOf<{ external_id: string; asset_id: string }>(
      db,
      'select external_id, asset_id from asset_identity where provider = $1 and external_id = any($2)',
      [CONTRACT_PROVIDER, tokens.map((token) => identityOf(chain, token))],
    );
    const ids = new Map(rows.map((row) => [row.external_id.slice(chain.length + 1), row.asset_id]));
    const native = assets.find(({ contract }) => contract === null);
    const nativeId = native && (await this.native(db, chain, native));
    if (nativeId) ids.set('', nativeId);
    return ids;
  }

  /**
   * Says anew how likely these tokens are scams; `wanted` are those that a holder has sent on or asked for. Returns those on
   * which side of the limit changed. Joins the caller's transaction. Its locks let others go on referring to the assets.
   */
  async rescore(db: Db, assetIds: readonly string[], wanted: ReadonlySet<string>): Promise<string[]> {
    const rows = await rowsOf<{
      id: string;
      symbol: string;
      name: string;
      listed: boolean;
      priced: boolean;
      before: string;
    }>(
      db,
      `select asset.id, asset.symbol, asset.name, asset.scam_probability as before,
         exists (select 1 from asset_identity where asset_id = asset.id and provider = $2) as listed,
         exists (select 1 from price where asset_id = asset.id and price.user_id is null) as priced
       from asset join asset_identity on asset_identity.asset_id = asset.id and asset_identity.provider = $3
       where asset.id = any($1) order by asset.id for no key update of asset`,
      [assetIds, LISTING_PROVIDER, CONTRACT_PROVIDER],
    );
    const changed: string[] = [];
    for (const { id, before, ...said } of rows) {
      const now = scamProbability({ ...said, wanted: wanted.has(id) });
      if (now.eq(decimal(before))) continue;
      await db.query('update asset set scam_probability = $2 where id = $1', [id, decimalText(now)]);
      if (now.gte(SCAM_LIMIT) !== decimal(before).gte(SCAM_LIMIT)) changed.push(id);
    }
    return changed;
  }

  /** The coin itself and not a token that stands for it, which has the same id at CoinGecko. */
  private async native(db: Db, chain: string, native: ChainAsset): Promise<string | undefined> {
    const coin = identitiesOf(native).find(({ provider }) => provider === LISTING_PROVIDER);
    const row = await rowOf<{ id: string }>(
      db,
      coin
        ? `select asset.id from asset join asset_identity on asset_identity.asset_id = asset.id
           where asset_identity.provider = $1 and asset_identity.external_id = $2 and asset.user_id is null
             and not exists (select 1 from asset_identity as other where other.asset_id = asset.id and other.provider = '${CONTRACT_PROVIDER}')
           order by asset.created_at, asset.id limit 1`
        : 'select asset_id as id from asset_identity where provider = $1 and external_id = $2',
      coin ? [coin.provider, coin.externalId] : [CONTRACT_PROVIDER, identityOf(chain, '')],
    );
    return row?.id;
  }

  private async make(db: Db, chain: string, { token, asset, known }: Token): Promise<string> {
    const found = (await this.find(db, chain, [asset])).get(token);
    if (found) return found;
    const symbol = shownSymbol(asset.symbol);
    const isCoin = token === '' && known.some(({ provider }) => provider === LISTING_PROVIDER);
    const decimals = Number.isInteger(asset.decimals) ? Math.min(Math.max(asset.decimals, 0), MOST_DECIMALS) : 18;
    for (const segment of isCoin ? ['', chain] : [identityOf(chain, token)]) {
      const row = await rowOf<{ id: string }>(
        db,
        `insert into asset (id, symbol, name, kind, market_segment, decimals) values ($1, $2, $3, 'crypto', $4, $5)
         on conflict do nothing returning id`,
        [randomUUIDv7(), symbol, shownName(asset.name) || symbol, segment, decimals],
      );
      const id = row?.id ?? (isCoin ? undefined : await this.idOf(db, symbol, segment));
      if (!id) continue;
      if (!isCoin) await this.identify(db, [{ id, provider: CONTRACT_PROVIDER, externalId: identityOf(chain, token) }]);
      return id;
    }
    // Somebody else's coin has this symbol, and a coin of this chain too: told apart by what it is here.
    return this.make(db, chain, { token, asset: { ...asset, symbol: `${symbol} ${chain}` }, known });
  }

  private async idOf(db: Db, symbol: string, segment: string): Promise<string | undefined> {
    const row = await rowOf<{ id: string }>(
      db,
      `select id from asset where user_id is null and symbol = $1 and kind = 'crypto' and market_segment = $2`,
      [symbol, segment],
    );
    return row?.id;
  }

  private async identify(
    db: Db,
    identities: readonly { id: string; provider: string; externalId: string }[],
  ): Promise<void> {
    if (identities.length === 0) return;
    await db.query(
      `insert into asset_identity (asset_id, provider, external_id)
       select * from unnest($1::uuid[], $2::text[], $3::text[]) on conflict do nothing`,
      [
        identities.map(({ id }) => id),
        identities.map(({ provider }) => provider),
        identities.map(({ externalId }) => externalId),
      ],
    );
  }
}

/** Who is on the other side may be of another version; what it says of a contract is ours to say. */
const identitiesOf = ({ identities }: ChainAsset): { provider: string; externalId: string }[] =>
  identities.filter(
    ({ provider, externalId }) =>
      provider !== CONTRACT_PROVIDER && provider !== '' && externalId !== '' && externalId.length <= LONGEST_IDENTITY,
  );
