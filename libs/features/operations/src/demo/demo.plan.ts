import { type Day, Decimal, type Decimal as Amount, decimal } from '@scani/money';

/** What the demo household does, without prices: those are looked up on the day. Amounts are made up. */

export interface DemoAccount {
  key: string;
  name: string;
  institution: string;
  institutionKind: 'bank' | 'broker' | 'exchange' | 'wallet' | 'property';
  kind: 'asset' | 'liability';
  currency: string;
}

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  {
    key: 'everyday',
    name: 'Everyday',
    institution: 'Northbank',
    institutionKind: 'bank',
    kind: 'asset',
    currency: 'EUR',
  },
  {
    key: 'savings',
    name: 'Savings',
    institution: 'Northbank',
    institutionKind: 'bank',
    kind: 'asset',
    currency: 'EUR',
  },
  {
    key: 'dollars',
    name: 'Dollar account',
    institution: 'Harbour Bank',
    institutionKind: 'bank',
    kind: 'asset',
    currency: 'USD',
  },
  { key: 'depot', name: 'Depot', institution: 'Tradehouse', institutionKind: 'broker', kind: 'asset', currency: 'EUR' },
  {
    key: 'coins',
    name: 'Trading',
    institution: 'Coinplace',
    institutionKind: 'exchange',
    kind: 'asset',
    currency: 'EUR',
  },
  { key: 'home', name: 'Flat', institution: 'Property', institutionKind: 'property', kind: 'asset', currency: 'EUR' },
  {
    key: 'mortgage',
    name: 'Mortgage',
    institution: 'Northbank',
    institutionKind: 'bank',
    kind: 'liability',
    currency: 'EUR',
  },
];

/** An address of the examples of Bitcoin's standard for them (BIP 173 and its kin); read where the data-provider reads Bitcoin. */
export const DEMO_WALLET = {
  chain: 'bitcoin',
  institution: 'Cold store',
  address: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
} as const;

/** Bought with a fixed sum on one day of every `everyMonths`-th month. */
export interface DemoPurchase {
  account: string;
  symbol: string;
  provider: string;
  externalId: string;
  spend: Amount;
  day: number;
  everyMonths: number;
  decimals: number;
}

const buy = (
  account: string,
  symbol: string,
  [provider, externalId]: readonly [string, string],
  spend: string,
  day: number,
  everyMonths: number,
  decimals: number,
): DemoPurchase => ({ account, symbol, provider, externalId, spend: decimal(spend), day, everyMonths, decimals });

export const DEMO_PURCHASES: readonly DemoPurchase[] = [
  buy('depot', 'VWCE.DE', ['yahoo', 'VWCE.DE'], '650', 3, 1, 4),
  buy('depot', 'AAPL', ['yahoo', 'AAPL'], '900', 12, 3, 4),
  buy('depot', 'MSFT', ['yahoo', 'MSFT'], '850', 18, 4, 4),
  buy('depot', 'NVDA', ['yahoo', 'NVDA'], '500', 21, 5, 4),
  buy('coins', 'BTC', ['coingecko', 'bitcoin'], '250', 5, 1, 8),
  buy('coins', 'ETH', ['coingecko', 'ethereum'], '150', 9, 2, 8),
  buy('coins', 'SOL', ['coingecko', 'solana'], '80', 24, 3, 8),
];

/** A part of what had been bought by then, sold so many months ago. */
export interface DemoSale {
  symbol: string;
  monthsAgo: number;
  share: Amount;
}

export const DEMO_SALES: readonly DemoSale[] = [
  { symbol: 'AAPL', monthsAgo: 20, share: decimal('0.25') },
  { symbol: 'BTC', monthsAgo: 14, share: decimal('0.2') },
  { symbol: 'NVDA', monthsAgo: 5, share: decimal('0.3') },
  { symbol: 'BTC', monthsAgo: 3, share: decimal('0.1') },
];

/** What the dollar account pays by itself. */
export const DEMO_YIELD = { rate: '0.021', payoutsPerYear: 12, monthsAgo: 10 };
export const DEMO_VAULT = { name: 'Sailing boat', target: '30000', currency: 'EUR', percent: '60', yearsAhead: 2 };

export const DEMO_MONTHS = 36;
export const SALARY = decimal('4180.55');
export const RENT_AND_LIFE = [
  'Grocery Market',
  'City Transit',
  'Energy Supply',
  'Coffee Corner',
  'Book Store',
  'Pharmacy',
] as const;
export const FLAT = decimal('385000');
export const MORTGAGE = decimal('-262000');
export const MORTGAGE_PAYMENT = decimal('640');

/** A generator of whole numbers below `limit` that always says the same (mulberry32). */
export function repeatable(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** An amount between 3 and 150 with two decimals. */
export const expense = (below: (limit: number) => number): Amount => new Decimal(below(14_700) + 300).div(100);

/** The given day of each of the last `months` months up to `today`, oldest first. */
export function monthly(today: Day, months: number, dayOfMonth: number, every = 1): Day[] {
  const [year = 0, month = 1] = today.split('-').map(Number);
  const days: Day[] = [];
  for (let back = months; back >= 0; back -= 1) {
    if (back % every !== 0) continue;
    const text = new Date(Date.UTC(year, month - 1 - back, dayOfMonth)).toISOString().slice(0, 10) as Day;
    if (text <= today) days.push(text);
  }
  return days;
}
