/** The settings that point a data-provider at this world. */
export interface WorldUrls {
  COINGECKO_URL: string;
  DEFILLAMA_URL: string;
  YAHOO_URL: string;
  FINNHUB_URL: string;
  FRANKFURTER_URL: string;
  ECB_URL: string;
}

export const worldUrls = (world: string): WorldUrls => ({
  COINGECKO_URL: `${world}/coingecko/api/v3`,
  DEFILLAMA_URL: `${world}/defillama`,
  YAHOO_URL: `${world}/yahoo`,
  FINNHUB_URL: `${world}/finnhub/api/v1`,
  FRANKFURTER_URL: `${world}/frankfurter/v1`,
  ECB_URL: `${world}/ecb/service`,
});
