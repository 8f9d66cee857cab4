import { type Day, dayOf, endOf } from '@scani/money';
import { accept, refuse, sorted } from '../accept.js';
import type { AssetMatch, AssetSearch, Lent, Outcome, PriceProvider } from '../provider.js';
import { type GoogleSheetsSettings, NAME, SheetReader } from './google-sheets.client.js';
import { rowsOf, type SheetRow } from './google-sheets.responses.js';

const MOST_MATCHES = 20;

/**
 * Prices that the operator keeps in a sheet, by hand or by formula: a heading with symbol, price and currency, perhaps name,
 * kind and date. Only what was chosen from it is priced by it.
 */
export function googleSheets(settings: GoogleSheetsSettings): PriceProvider & AssetSearch {
  const reader = new SheetReader(settings);
  const read = async (lent: Lent): Promise<SheetRow[]> => rowsOf(await reader.rows(lent));
  return {
    name: NAME,
    batchSize: 500,
    historyDays: undefined,

    keyOf({ identities }) {
      if (!reader.configured) return undefined;
      return identities.find(({ provider }) => provider === NAME)?.externalId;
    },

    async currentPrices(keys, lent) {
      const rows = await read(lent);
      return new Map(keys.map((key) => [key, newest(rowsFor(rows, key), lent.now())]));
    },

    async priceHistory(key, from, to, lent) {
      const now = lent.now();
      const dated = rowsFor(await read(lent), key)
        .filter((row): row is SheetRow & { day: Day } => row.day !== undefined && row.day >= from && row.day <= to)
        .filter((row) => row.day < dayOf(now))
        .sort((a, b) => (a.day < b.day ? -1 : 1));
      return sorted(dated.map((row) => closeOf(row, row.day, now)));
    },

    async searchAssets(query, lent) {
      if (!reader.configured) return [];
      return matchesOf(await read(lent), query);
    },
  };
}

const rowsFor = (rows: readonly SheetRow[], key: string): SheetRow[] => rows.filter(({ symbol }) => symbol === key);

/** The line without a day, else that of the last day. */
function newest(rows: readonly SheetRow[], now: Date): Outcome {
  if (rows.length === 0) return refuse('unknown-asset', 'the sheet has no such symbol');
  const current = rows.findLast(({ day }) => day === undefined);
  if (current) {
    const { price: value, currency } = current;
    return accept({ value, currency, at: now.toISOString(), granularity: 'intraday' }, now);
  }
  const last = rows.reduce((best, row) => ((row.day ?? '') >= (best.day ?? '') ? row : best));
  return closeOf(last, last.day ?? dayOf(now), now);
}

/** A price of today holds until now. */
function closeOf({ price: value, currency }: SheetRow, day: Day, now: Date): Outcome {
  const end = day === dayOf(now) ? now : endOf(day);
  return accept({ value, currency, at: end.toISOString(), granularity: 'daily' }, now);
}

function matchesOf(rows: readonly SheetRow[], query: string): AssetMatch[] {
  const wanted = query.trim().toLowerCase();
  const bySymbol = new Map(rows.map((row) => [row.symbol, row]));
  const rank = ({ symbol, name }: SheetRow): number => {
    if (symbol.toLowerCase() === wanted) return 0;
    if (symbol.toLowerCase().startsWith(wanted)) return 1;
    return name.toLowerCase().includes(wanted) ? 2 : 3;
  };
  return [...bySymbol.values()]
    .filter((row) => rank(row) < 3)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST_MATCHES)
    .map(({ symbol, name, kind }) => ({
      provider: NAME,
      externalId: symbol,
      symbol,
      name,
      kind,
      marketSegment: 'sheet',
    }));
}
