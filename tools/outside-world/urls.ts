/** The settings that point a data-provider at this world. */
export interface WorldUrls {
  COINGECKO_URL: string;
  DEFILLAMA_URL: string;
  YAHOO_URL: string;
  FINNHUB_URL: string;
  FRANKFURTER_URL: string;
  ECB_URL: string;
  GOOGLE_SHEETS_URL: string;
  GOOGLE_TOKEN_URL: string;
  AI_URL: string;
  /** The world is strict about keys, as the real one is. */
  OPENAI_API_KEY: string;
  ESPLORA_URL: string;
  ETHERSCAN_URL: string;
  TRONGRID_URL: string;
  TRONGRID_API_KEY: string;
  TON_URL: string;
  TON_API_KEY: string;
  HELIUS_URL: string;
  HELIUS_RPC_URL: string;
  HELIUS_API_KEY: string;
  ETHEREUM_RPC_URL: string;
  ETHERSCAN_API_KEY: string;
}

export const worldUrls = (world: string): WorldUrls => ({
  COINGECKO_URL: `${world}/coingecko/api/v3`,
  DEFILLAMA_URL: `${world}/defillama`,
  YAHOO_URL: `${world}/yahoo`,
  FINNHUB_URL: `${world}/finnhub/api/v1`,
  FRANKFURTER_URL: `${world}/frankfurter/v1`,
  ECB_URL: `${world}/ecb/service`,
  GOOGLE_SHEETS_URL: `${world}/google`,
  GOOGLE_TOKEN_URL: `${world}/google/token`,
  AI_URL: `${world}/openai/v1`,
  OPENAI_API_KEY: 'sk-of-the-outside-world',
  ESPLORA_URL: `${world}/esplora/api`,
  ETHEREUM_RPC_URL: `${world}/ethereum-rpc/v3/node-key-of-the-outside-world`,
  TRONGRID_URL: `${world}/tron`,
  TRONGRID_API_KEY: 'tron-key-of-the-outside-world',
  TON_URL: `${world}/ton/api/v3`,
  TON_API_KEY: 'ton-key-of-the-outside-world',
  HELIUS_URL: `${world}/helius`,
  HELIUS_RPC_URL: `${world}/helius/rpc`,
  HELIUS_API_KEY: 'helius-key-of-the-outside-world',
  ETHERSCAN_URL: `${world}/etherscan/v2/api`,
  ETHERSCAN_API_KEY: 'paid-key-of-the-outside-world',
});
