export { Asset, ASSET_KINDS, type AssetKind } from './assets/assets.dto.js';
export { ASSET_COLUMNS, assetOf, type AssetRow, AssetsService } from './assets/assets.service.js';
export { ChainAssets, CONTRACT_PROVIDER, tokenOf } from './assets/chain-assets.js';
export * from './market.module.js';
export { ownPricesChanged, pricesChanged } from './prices/price-news.jobs.js';
export { downSamplePrices } from './prices/down-sample.job.js';
export {
  askForHistory,
  backfillPrices,
  fillDailyPrices,
  fillExchangeRates,
  PriceJobs,
  refreshPrices,
} from './prices/price.jobs.js';
export * from './prices/moment-rates.queries.js';
export { CreatePrice } from './prices/prices.dto.js';
export { PricesService } from './prices/prices.service.js';
export { RateQueries } from './prices/rate.queries.js';
