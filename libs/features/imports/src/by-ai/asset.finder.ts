import { Injectable } from '@nestjs/common';
import { rowsOf } from '@scani/database';
import { ASSET_COLUMNS, type AssetKind, type AssetRow, AssetsService } from '@scani/market';
import { Refusal } from '@scani/runtime';
import { DataSource } from 'typeorm';

/** What a position may be: an asset that is known here, or one that a provider knows. */
export interface Candidate {
  readonly assetId: string | null;
  readonly identity: { readonly provider: string; readonly externalId: string } | null;
  readonly symbol: string;
  readonly name: string;
  readonly kind: AssetKind;
  readonly marketSegment: string;
}

export interface Found {
  /** The one that it is taken for; null where that is for its owner to say. */
  readonly assetId: string | null;
  readonly candidates: readonly Candidate[];
  /** For its owner to look at, or null. */
  readonly doubt: string | null;
}

/** What is known of a position. */
export interface Wanted {
  readonly name: string;
  readonly symbol: string | null;
  readonly kind: AssetKind | null;
}

const MOST_CANDIDATES = 6;
/** Searches for one picture; what comes after them is for its owner to look up. */
const MOST_SEARCHES = 60;

/** Which asset a position is: one of the account's holdings where it fits, else what the asset search finds. */
@Injectable()
export class AssetFinder {
  constructor(
    private readonly source: DataSource,
    private readonly assets: AssetsService,
  ) {}

  /** One answer for each position, in order. */
  async find(userId: string, accountId: string, positions: readonly Wanted[]): Promise<Found[]> {
    const held = await this.held(userId, accountId);
    const money = new Map((await this.assets.currencies()).map((currency) => [currency.code, currency]));
    const found: Found[] = [];
    let searches = 0;
    for (const wanted of positions) {
      const known = amongHeld(held, wanted);
      const currency = wanted.symbol === null || !mayBe(wanted.kind, 'fiat') ? undefined : money.get(wanted.symbol);
      if (known) found.push({ assetId: known.id, candidates: [candidateOf(known)], doubt: null });
      else if (currency) found.push({ assetId: currency.assetId, candidates: [], doubt: null });
      else if ((searches += 1) > MOST_SEARCHES) found.push({ assetId: null, candidates: [], doubt: LOOK_UP });
      else found.push(await this.search(userId, wanted));
    }
    return found;
  }

  private held(userId: string, accountId: string): Promise<AssetRow[]> {
    return rowsOf<AssetRow>(
      this.source,
      `select ${ASSET_COLUMNS} from holding join asset on asset.id = holding.asset_id
       where holding.user_id = $1 and holding.account_id = $2 order by asset.id`,
      [userId, accountId],
    );
  }

  private async search(userId: string, wanted: Wanted): Promise<Found> {
    const words = (wanted.symbol ?? wanted.name).slice(0, 60);
    const here = await this.assets.list(userId, { search: words, limit: 20 });
    const { items, unavailable } = await this.assets.search(words);
    const known = here.items.filter((row) => fits(wanted, row)).map(candidateOf);
    const ids = new Set(known.map((one) => one.assetId));
    const outside = items.flatMap(
      ({ provider, externalId, assetId, symbol, name, kind, marketSegment }): Candidate[] =>
        assetId !== null && ids.has(assetId)
          ? []
          : [{ assetId, identity: { provider, externalId }, symbol, name, kind, marketSegment }],
    );
    const candidates = [...known, ...outside].slice(0, MOST_CANDIDATES);
    const fitting = candidates.filter((one) => fits(wanted, one));
    const [best] = fitting;
    if (!best) return { assetId: null, candidates, doubt: unavailable === null ? LOOK_UP : NO_SEARCH };
    const assetId = best.assetId ?? (await this.take(userId, best));
    return { assetId, candidates, doubt: fitting.length > 1 ? severalOf(best.symbol) : null };
  }

  /** An asset that providers know becomes one that Scani knows; nobody's rows change by that. */
  private async take(userId: string, { identity, symbol, name, kind }: Candidate): Promise<string | null> {
    if (!identity) return null;
    try {
      return (await this.assets.create(userId, { symbol, name, kind, identity })).id;
    } catch (error) {
      // What stands against it is said again when its owner chooses it.
      if (error instanceof Refusal) return null;
      throw error;
    }
  }
}

const LOOK_UP = 'No asset is surely this one. Choose it, or leave it out.';
const NO_SEARCH = 'Assets cannot be looked up at the moment. Choose one by hand, or try again later.';
const severalOf = (symbol: string): string => `Several assets are called ${symbol}. Check that this is the right one.`;

/** The only holding with this symbol, or else with this name. */
export function amongHeld(held: readonly AssetRow[], wanted: Wanted): AssetRow | undefined {
  const bySymbol = held.filter((row) => fits(wanted, row));
  if (bySymbol.length === 1) return bySymbol[0];
  const byName = held.filter((row) => mayBe(wanted.kind, row.kind) && plain(row.name) === plain(wanted.name));
  return byName.length === 1 ? byName[0] : undefined;
}

/** Where there is a symbol it has to be the same; a name alone has to be the whole name. */
const fits = ({ symbol, name, kind }: Wanted, one: { symbol: string; name: string; kind: AssetKind }): boolean =>
  mayBe(kind, one.kind) &&
  (symbol === null ? plain(one.name) === plain(name) : one.symbol.toUpperCase() === symbol.toUpperCase());

const mayBe = (seen: AssetKind | null, kind: AssetKind): boolean => seen === null || seen === kind;

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const candidateOf = ({ id, symbol, name, kind, market_segment: marketSegment }: AssetRow): Candidate => ({
  assetId: id,
  identity: null,
  symbol,
  name,
  kind,
  marketSegment,
});
