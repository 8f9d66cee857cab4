import type { ChainSource, NameSource } from './chain.js';
import { coingecko } from './coingecko/coingecko.js';
import type { CoinGeckoSettings } from './coingecko/coingecko.client.js';
import { defillama } from './defillama/defillama.js';
import type { DefiLlamaSettings } from './defillama/defillama.client.js';
import { ecb } from './ecb/ecb.js';
import type { EcbSettings } from './ecb/ecb.client.js';
import { ens } from './ens/ens.js';
import type { EnsSettings } from './ens/ens.client.js';
import { esplora } from './esplora/esplora.js';
import type { EsploraSettings } from './esplora/esplora.client.js';
import { etherscan } from './etherscan/etherscan.js';
import type { EtherscanSettings } from './etherscan/etherscan.client.js';
import { finnhub } from './finnhub/finnhub.js';
import type { FinnhubSettings } from './finnhub/finnhub.client.js';
import { frankfurter } from './frankfurter/frankfurter.js';
import type { FrankfurterSettings } from './frankfurter/frankfurter.client.js';
import { googleSheets } from './google-sheets/google-sheets.js';
import type { GoogleSheetsSettings } from './google-sheets/google-sheets.client.js';
import { helius } from './helius/helius.js';
import type { HeliusSettings } from './helius/helius.client.js';
import type { AssetKind, AssetSearch, PriceProvider } from './provider.js';
import { ton } from './ton/ton.js';
import type { TonSettings } from './ton/ton.client.js';
import { tron } from './tron/tron.js';
import type { TronSettings } from './tron/tron.client.js';
import { yahoo } from './yahoo/yahoo.js';
import type { YahooSettings } from './yahoo/yahoo.client.js';

export * from './model.js';
export * from './chain.js';
export * from './provider.js';
export { openai } from './openai/openai.js';
export { usageIn } from './openai/openai.responses.js';
export type { OpenAiSettings } from './openai/openai.client.js';
export { decimalTextOf, integerOf, listOf, NumberText, recordOf, textOf } from './exact-json.js';
export { type ServiceAccount, serviceAccountOf } from './google-sheets/google-sheets.client.js';
export {
  coingecko,
  defillama,
  ecb,
  ens,
  esplora,
  etherscan,
  finnhub,
  frankfurter,
  googleSheets,
  helius,
  ton,
  tron,
  yahoo,
};

export interface ProviderSettings {
  readonly coingecko: CoinGeckoSettings;
  readonly yahoo: YahooSettings;
  readonly frankfurter: FrankfurterSettings;
  readonly ecb: EcbSettings;
  readonly defillama: DefiLlamaSettings;
  readonly finnhub: FinnhubSettings;
  readonly googleSheets: GoogleSheetsSettings;
  readonly ens: EnsSettings;
  readonly esplora: EsploraSettings;
  readonly etherscan: EtherscanSettings;
  readonly helius: HeliusSettings;
  readonly ton: TonSettings;
  readonly tron: TronSettings;
}

export interface Providers {
  /** For each kind of asset the sources to ask, best first. */
  readonly prices: Readonly<Record<AssetKind, readonly PriceProvider[]>>;
  readonly search: readonly AssetSearch[];
  /** Each chain has one source. */
  readonly chains: readonly ChainSource[];
  readonly names: readonly NameSource[];
}

export function providersOf(settings: ProviderSettings): Providers {
  const coins = coingecko(settings.coingecko);
  const shares = yahoo(settings.yahoo);
  const sheet = googleSheets(settings.googleSheets);
  return {
    prices: {
      crypto: [coins, defillama(settings.defillama), shares, sheet],
      stock: [shares, finnhub(settings.finnhub), sheet],
      fiat: [frankfurter(settings.frankfurter), ecb(settings.ecb), shares],
      private: [],
      other: [sheet],
    },
    search: [coins, shares, ...(settings.googleSheets.spreadsheetId === undefined ? [] : [sheet])],
    chains: [
      esplora(settings.esplora),
      etherscan(settings.etherscan),
      helius(settings.helius),
      tron(settings.tron),
      ton(settings.ton),
    ],
    names: [ens(settings.ens)],
  };
}
