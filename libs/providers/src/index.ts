import { coingecko } from './coingecko/coingecko.js';
import type { CoinGeckoSettings } from './coingecko/coingecko.client.js';
import { frankfurter } from './frankfurter/frankfurter.js';
import type { FrankfurterSettings } from './frankfurter/frankfurter.client.js';
import type { AssetKind, AssetSearch, PriceProvider } from './provider.js';
import { yahoo } from './yahoo/yahoo.js';
import type { YahooSettings } from './yahoo/yahoo.client.js';

export * from './provider.js';
export { coingecko, frankfurter, yahoo };

export interface ProviderSettings {
  readonly coingecko: CoinGeckoSettings;
  readonly yahoo: YahooSettings;
  readonly frankfurter: FrankfurterSettings;
}

export interface Providers {
  /** For each kind of asset the sources to ask, best first. */
  readonly prices: Readonly<Record<AssetKind, readonly PriceProvider[]>>;
  readonly search: readonly AssetSearch[];
}

export function providersOf(settings: ProviderSettings): Providers {
  const coins = coingecko(settings.coingecko);
  const shares = yahoo(settings.yahoo);
  const currencies = frankfurter(settings.frankfurter);
  return {
    prices: { crypto: [coins, shares], stock: [shares], fiat: [currencies, shares], private: [], other: [] },
    search: [coins, shares],
  };
}
