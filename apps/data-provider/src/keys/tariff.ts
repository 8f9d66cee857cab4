import { SetMetadata } from '@nestjs/common';
import { type CloudScope, WALLET_BATCH } from '@scani/cloud';
import { BATCH, HISTORIES } from '../prices/prices.dto.js';

/** What one kind of request takes of an issued key. */
export interface Tariff {
  /** Null: every key may ask, and nothing is taken. */
  readonly scope: CloudScope | null;
  /** Of one unit, in millionths of a US dollar: whole, so that it can be counted in Redis. */
  readonly unitCost: number;
  /** How much is asked for; the body is not checked yet, and what is wrong with it is refused later. */
  units(body: unknown): number;
}

const one = (): number => 1;
const DAY_MS = 86_400_000;
const LONGEST_YEARS = 31;

/** By operation. A batch costs what it asks for. */
export const TARIFF = {
  capabilities: { scope: null, unitCost: 0, units: () => 0 },
  /** A unit per asset. */
  currentPrices: { scope: 'prices', unitCost: 10, units: (body) => lengthOf(body, 'assets', BATCH) },
  /** A unit per year that is begun. */
  priceHistory: { scope: 'prices', unitCost: 50, units: yearsOf },
  /** The same for each asset. */
  priceHistories: { scope: 'prices', unitCost: 50, units: yearsOfAll },
  searchAssets: { scope: 'asset-search', unitCost: 100, units: one },
  previewLink: { scope: 'previews', unitCost: 20, units: one },
  /** The model is paid by what it reads and writes; these are upper ends of usual pictures and pages. */
  readScreenshot: { scope: 'ai', unitCost: 5_000, units: one },
  /** A unit per page. */
  readDocument: { scope: 'ai', unitCost: 5_000, units: (body) => lengthOf(body, 'pages', 5) },
  suggestColumns: { scope: 'ai', unitCost: 2_000, units: one },
  chains: { scope: null, unitCost: 0, units: () => 0 },
  /** Tokens and coins of one address take a handful of questions to others. */
  walletBalances: { scope: 'chain', unitCost: 200, units: one },
  /** A unit per wallet. */
  balancesOfWallets: { scope: 'chain', unitCost: 200, units: (body) => lengthOf(body, 'wallets', WALLET_BATCH) },
  /** A unit per page. */
  walletMovements: { scope: 'chain', unitCost: 300, units: one },
  resolveName: { scope: 'chain', unitCost: 100, units: one },
  sendMail: { scope: 'mail', unitCost: 500, units: one },
} as const satisfies Record<string, Tariff>;

export type Operation = keyof typeof TARIFF;

export const METERED = 'scani:metered';

/** Which line of the tariff a route belongs to. A route without one is shut to issued keys. */
export const Metered = (operation: Operation): MethodDecorator => SetMetadata(METERED, operation);

function lengthOf(body: unknown, name: string, most: number): number {
  const list = (body as Record<string, unknown> | null | undefined)?.[name];
  return Array.isArray(list) ? Math.min(Math.max(list.length, 1), most) : 1;
}

/** Years that a question for a history begins. */
export function yearsOf(body: unknown): number {
  const { from, to } = (body ?? {}) as { from?: unknown; to?: unknown };
  const days = (Date.parse(String(to)) - Date.parse(String(from))) / DAY_MS;
  return Number.isFinite(days) ? Math.min(Math.max(Math.ceil((days + 1) / 366), 1), LONGEST_YEARS) : 1;
}

function yearsOfAll(body: unknown): number {
  const list = (body as { histories?: unknown } | null | undefined)?.histories;
  const all = Array.isArray(list) ? list.slice(0, HISTORIES).map(yearsOf) : [];
  return Math.max(
    1,
    all.reduce((sum, years) => sum + years, 0),
  );
}
