import type { CloudKeyState, CloudScope } from '../../api/models';

export const SCOPES: readonly { scope: CloudScope; label: string }[] = [
  { scope: 'prices', label: 'Prices' },
  { scope: 'asset-search', label: 'Asset search' },
  { scope: 'mail', label: 'Mail' },
  { scope: 'chain', label: 'Chains' },
  { scope: 'ai', label: 'AI' },
  { scope: 'previews', label: 'Link previews' },
];

export const scopeWord = (scope: CloudScope): string => SCOPES.find((one) => one.scope === scope)?.label ?? scope;

export const KEY_TONES: Record<CloudKeyState, string> = { active: 'good', expired: 'warn', revoked: 'bad' };

const ROUTES: Readonly<Record<string, string>> = {
  capabilities: 'What is there',
  currentPrices: 'Current prices',
  priceHistory: 'Price history',
  priceHistories: 'Price histories',
  searchAssets: 'Asset search',
  readScreenshot: 'Pictures, by AI',
  readDocument: 'Pages of documents, by AI',
  suggestColumns: 'Columns, by AI',
  sendMail: 'Mail',
};
export const routeWord = (route: string): string => ROUTES[route] ?? route;
