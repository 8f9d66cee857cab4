import type { ChainFacts } from '../chain.js';
import { nativeAsset } from '../chain-assets.js';

export interface EvmChain extends ChainFacts {
  /** EIP-155. */
  readonly number: number;
  /** What DeFiLlama calls it. */
  readonly llama: string | undefined;
  /** Where what fees are paid in can also be moved as a token: transfers of it are the same money. */
  readonly nativeContract: string | undefined;
}

type Row = readonly [
  number: number,
  id: string,
  name: string,
  native: readonly [symbol: string, name: string, coingecko?: string],
  llama: string | undefined,
  explorer: string,
  nativeContract?: string,
];

const ETHER = ['ETH', 'Ether', 'ethereum'] as const;
const BNB = ['BNB', 'BNB', 'binancecoin'] as const;

/** The main networks of docs.etherscan.io/supported-chains. */
const ROWS: readonly Row[] = [
  [1, 'ethereum', 'Ethereum', ETHER, 'ethereum', 'https://etherscan.io'],
  [42161, 'arbitrum-one', 'Arbitrum One', ETHER, 'arbitrum', 'https://arbiscan.io'],
  [8453, 'base', 'Base', ETHER, 'base', 'https://basescan.org'],
  [10, 'optimism', 'OP Mainnet', ETHER, 'optimism', 'https://optimistic.etherscan.io'],
  [
    137,
    'polygon',
    'Polygon',
    ['POL', 'POL', 'polygon-ecosystem-token'],
    'polygon',
    'https://polygonscan.com',
    '0x0000000000000000000000000000000000001010',
  ],
  [56, 'bnb-smart-chain', 'BNB Smart Chain', BNB, 'bsc', 'https://bscscan.com'],
  [43114, 'avalanche', 'Avalanche C-Chain', ['AVAX', 'Avalanche', 'avalanche-2'], 'avax', 'https://snowscan.xyz'],
  [100, 'gnosis', 'Gnosis', ['xDAI', 'xDai', 'xdai'], 'xdai', 'https://gnosisscan.io'],
  [59144, 'linea', 'Linea', ETHER, 'linea', 'https://lineascan.build'],
  [534352, 'scroll', 'Scroll', ETHER, 'scroll', 'https://scrollscan.com'],
  [
    324,
    'zksync',
    'zkSync Era',
    ETHER,
    'era',
    'https://era.zksync.network',
    '0x000000000000000000000000000000000000800a',
  ],
  [81457, 'blast', 'Blast', ETHER, 'blast', 'https://blastscan.io'],
  [5000, 'mantle', 'Mantle', ['MNT', 'Mantle', 'mantle'], 'mantle', 'https://mantlescan.xyz'],
  [
    42220,
    'celo',
    'Celo',
    ['CELO', 'Celo', 'celo'],
    'celo',
    'https://celoscan.io',
    '0x471ece3750da237f93b8e339c536989b8978a438',
  ],
  [146, 'sonic', 'Sonic', ['S', 'Sonic', 'sonic-3'], 'sonic', 'https://sonicscan.org'],
  [130, 'unichain', 'Unichain', ETHER, 'unichain', 'https://uniscan.xyz'],
  [480, 'world', 'World Chain', ETHER, 'wc', 'https://worldscan.org'],
  [80094, 'berachain', 'Berachain', ['BERA', 'Berachain', 'berachain-bera'], 'berachain', 'https://berascan.com'],
  [999, 'hyperevm', 'HyperEVM', ['HYPE', 'Hyperliquid', 'hyperliquid'], 'hyperliquid', 'https://hyperevmscan.io'],
  [143, 'monad', 'Monad', ['MON', 'Monad', 'monad'], 'monad', 'https://monadscan.com'],
  [204, 'opbnb', 'opBNB', BNB, 'op_bnb', 'https://opbnb.bscscan.com'],
  [42170, 'arbitrum-nova', 'Arbitrum Nova', ETHER, 'arbitrum_nova', 'https://nova.arbiscan.io'],
  [2741, 'abstract', 'Abstract', ETHER, 'abstract', 'https://abscan.org'],
  [33139, 'apechain', 'ApeChain', ['APE', 'ApeCoin', 'apecoin'], 'apechain', 'https://apescan.io'],
  [199, 'bittorrent', 'BitTorrent Chain', ['BTT', 'BitTorrent', 'bittorrent'], 'bittorrent', 'https://bttcscan.com'],
  [252, 'fraxtal', 'Fraxtal', ['FRAX', 'Frax'], 'fraxtal', 'https://fraxscan.com'],
  [747474, 'katana', 'Katana', ETHER, 'katana', 'https://katanascan.com'],
  [1284, 'moonbeam', 'Moonbeam', ['GLMR', 'Glimmer', 'moonbeam'], 'moonbeam', 'https://moonscan.io'],
  [1285, 'moonriver', 'Moonriver', ['MOVR', 'Moonriver', 'moonriver'], 'moonriver', 'https://moonriver.moonscan.io'],
  [1329, 'sei', 'Sei', ['SEI', 'Sei', 'sei-network'], 'sei', 'https://seiscan.io'],
  [988, 'stable', 'Stable', ['USDT0', 'USDT0'], 'stable', 'https://stablescan.xyz'],
  [1923, 'swellchain', 'Swellchain', ETHER, 'swellchain', 'https://swellchainscan.io'],
  [167000, 'taiko', 'Taiko', ETHER, 'taiko', 'https://taikoscan.io'],
  [50, 'xdc', 'XDC Network', ['XDC', 'XDC Network', 'xdce-crowd-sale'], 'xdc', 'https://xdcscan.com'],
];

export const EVM_CHAINS: readonly EvmChain[] = ROWS.map(
  ([number, id, name, [symbol, title, coingecko], llama, explorer, nativeContract]) => ({
    number,
    id,
    name,
    family: 'evm',
    native: nativeAsset(symbol, title, 18, coingecko),
    explorer,
    llama,
    nativeContract,
  }),
);
