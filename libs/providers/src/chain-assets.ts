import type { ChainAsset } from './chain.js';

const MOST_TEXT = 64;

/** What fees of a chain are paid in. */
export function nativeAsset(symbol: string, name: string, decimals: number, coingecko?: string): ChainAsset {
  return {
    contract: null,
    symbol,
    name,
    decimals,
    identities: coingecko === undefined ? [] : [{ provider: 'coingecko', externalId: coingecko }],
  };
}

/**
 * A token. Names and symbols are whatever somebody wrote there: only what can be shown is kept of them.
 * @param llama What DeFiLlama calls the chain; undefined where it does not price its tokens.
 */
export function tokenAsset(
  llama: string | undefined,
  contract: string,
  about: { symbol?: string | undefined; name?: string | undefined; decimals: number },
): ChainAsset {
  const key = llama === 'solana' || llama === 'tron' || llama === 'ton' ? contract : contract.toLowerCase();
  const coingecko = llama === undefined ? undefined : WELL_KNOWN[`${llama}:${key}`];
  const symbol = shown(about.symbol);
  return {
    contract,
    symbol: symbol || short(contract),
    name: shown(about.name) || symbol || short(contract),
    decimals: about.decimals,
    identities: [
      ...(llama === undefined ? [] : [{ provider: 'defillama', externalId: `${llama}:${key}` }]),
      ...(coingecko === undefined ? [] : [{ provider: 'coingecko', externalId: coingecko }]),
    ],
  };
}

const shown = (text: string | undefined): string =>
  (text ?? '')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, MOST_TEXT);

const short = (contract: string): string => `${contract.slice(0, 6)}…${contract.slice(-4)}`;

/** Tokens that CoinGecko knows under an id of their own, by DeFiLlama's word for the chain and the contract. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  'ethereum:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48': 'usd-coin',
  'ethereum:0xdac17f958d2ee523a2206206994597c13d831ec7': 'tether',
  'ethereum:0x6b175474e89094c44da98b954eedeac495271d0f': 'dai',
  'ethereum:0x2260fac5e5542a773aa44fbcfedf7c193bc2c599': 'wrapped-bitcoin',
  'ethereum:0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2': 'weth',
  'ethereum:0x514910771af9ca656af840dff83e8264ecf986ca': 'chainlink',
  'ethereum:0x1f9840a85d5af5bf1d1762f925bdaddc4201f984': 'uniswap',
  'ethereum:0x7fc66500c84a76ad7e9c93437bfc5ac33e2ddae9': 'aave',
  'ethereum:0x9f8f72aa9304c8b593d555f12ef6589cc3a579a2': 'maker',
  'ethereum:0xae7ab96520de3a18e5e111b5eaab095312d7fe84': 'staked-ether',
  'ethereum:0x7f39c581f595b53c5cb19bd0b3f8da6c935e2ca0': 'wrapped-steth',
  'ethereum:0x95ad61b0a150d79219dcf64e1e6cc01f0b64c4ce': 'shiba-inu',
  'ethereum:0x6982508145454ce325ddbe47a25d4ec3d2311933': 'pepe',
  'arbitrum:0xaf88d065e77c8cc2239327c5edb3a432268e5831': 'usd-coin',
  'arbitrum:0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9': 'tether',
  'arbitrum:0xda10009cbd5d07dd0cecc66161fc93d7c9000da1': 'dai',
  'arbitrum:0x2f2a2543b76a4166549f7aab2e75bef0aefc5b0f': 'wrapped-bitcoin',
  'arbitrum:0x82af49447d8a07e3bd95bd0d56f35241523fbab1': 'weth',
  'arbitrum:0x912ce59144191c1204e64559fe8253a0e49e6548': 'arbitrum',
  'optimism:0x0b2c639c533813f4aa9d7837caf62653d097ff85': 'usd-coin',
  'optimism:0x94b008aa00579c1307b0ef2c499ad98a8ce58e58': 'tether',
  'optimism:0xda10009cbd5d07dd0cecc66161fc93d7c9000da1': 'dai',
  'optimism:0x68f180fcce6836688e9084f035309e29bf0a2095': 'wrapped-bitcoin',
  'optimism:0x4200000000000000000000000000000000000006': 'weth',
  'optimism:0x4200000000000000000000000000000000000042': 'optimism',
  'base:0x833589fcd6edb6e08f4c7c32d4f71b54bda02913': 'usd-coin',
  'base:0x50c5725949a6f0c72e6c4a641f24049a917db0cb': 'dai',
  'base:0x4200000000000000000000000000000000000006': 'weth',
  'polygon:0x3c499c542cef5e3811e1192ce70d8cc03d5c3359': 'usd-coin',
  'polygon:0xc2132d05d31c914a87c6611c10748aeb04b58e8f': 'tether',
  'polygon:0x8f3cf7ad23cd3cadbd9735aff958023239c6a063': 'dai',
  'polygon:0x1bfd67037b42cf73acf2047067bd4f2c47d9bfd6': 'wrapped-bitcoin',
  'polygon:0x7ceb23fd6bc0add59e62ac25578270cff1b9f619': 'weth',
  'avax:0xb97ef9ef8734c71904d8002f8b6bc66dd9c48a6e': 'usd-coin',
  'avax:0x9702230a8ea53601f5cd2dc00fdbc13d4df4a8c7': 'tether',
  'solana:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v': 'usd-coin',
  'solana:Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB': 'tether',
  'solana:So11111111111111111111111111111111111111112': 'wrapped-solana',
  'solana:JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN': 'jupiter-exchange-solana',
  'solana:DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263': 'bonk',
  'tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t': 'tether',
  'ton:EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs': 'tether',
};
