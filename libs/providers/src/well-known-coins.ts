import type { AssetRef } from './provider.js';

/**
 * The coin that everybody means by a ticker, as CoinGecko id. Tickers of coins are not unique; for any other coin a
 * provider wants its own id, or it would price a namesake.
 */
const IDS: Readonly<Record<string, string>> = {
  AAVE: 'aave',
  ADA: 'cardano',
  ALGO: 'algorand',
  APT: 'aptos',
  ARB: 'arbitrum',
  ATOM: 'cosmos',
  AVAX: 'avalanche-2',
  BCH: 'bitcoin-cash',
  BNB: 'binancecoin',
  BTC: 'bitcoin',
  CRO: 'crypto-com-chain',
  DAI: 'dai',
  DOGE: 'dogecoin',
  DOT: 'polkadot',
  ETC: 'ethereum-classic',
  ETH: 'ethereum',
  FIL: 'filecoin',
  HBAR: 'hedera-hashgraph',
  ICP: 'internet-computer',
  LINK: 'chainlink',
  LTC: 'litecoin',
  MKR: 'maker',
  NEAR: 'near',
  OP: 'optimism',
  PEPE: 'pepe',
  SHIB: 'shiba-inu',
  SOL: 'solana',
  SUI: 'sui',
  TON: 'the-open-network',
  TRX: 'tron',
  UNI: 'uniswap',
  USDC: 'usd-coin',
  USDT: 'tether',
  WBTC: 'wrapped-bitcoin',
  XLM: 'stellar',
  XMR: 'monero',
  XRP: 'ripple',
  XTZ: 'tezos',
};

export function coinIdOf(symbol: string): string | undefined {
  return IDS[symbol.toUpperCase()];
}

/** True when the ticker alone says which coin is meant: no identity speaks against it. */
export function isWellKnown(asset: AssetRef): boolean {
  const id = coinIdOf(asset.symbol);
  if (id === undefined) return false;
  return asset.identities.every((each) => each.provider !== 'coingecko' || each.externalId === id);
}

/** What an id of CoinGecko looks like. */
export const COINGECKO_ID = /^[a-z0-9][a-z0-9._-]{0,127}$/;
