import { type Field, fragment, integer, optional, text, url } from '@scani/runtime';

const perMinute = (name: string, standard: string): Field<number> =>
  integer({ description: `Requests to ${name} a minute, at most.`, default: standard, min: 1, max: 100_000 });

const key = (description: string): Field<string | undefined> => optional(text({ description, secret: true }));

export const chainsEnv = fragment('chains', {
  ESPLORA_URL: url({
    description: 'Bitcoin: a server that speaks Esplora (Blockstream, mempool.space, your own electrs).',
    default: 'https://blockstream.info/api',
  }),
  ESPLORA_PER_MINUTE: perMinute('Esplora', '60'),
  ETHERSCAN_URL: url({
    description: 'Etherscan V2, which has all its chains behind one address.',
    default: 'https://api.etherscan.io/v2/api',
  }),
  ETHERSCAN_API_KEY: key(
    'A key of Etherscan; without it Ethereum and its kin are not read. Some chains need a paid one.',
  ),
  ETHERSCAN_PER_MINUTE: perMinute('Etherscan', '150'),
  ETHEREUM_RPC_URL: optional(
    url({
      description: 'A node of Ethereum (JSON-RPC) that names like vitalik.eth are looked up at; without it none is.',
      secret: true,
    }),
  ),
  ETHEREUM_RPC_PER_MINUTE: perMinute('the node of Ethereum', '120'),
  HELIUS_URL: url({ description: 'Solana: transactions by Helius.', default: 'https://api-mainnet.helius-rpc.com' }),
  HELIUS_RPC_URL: url({ description: 'Solana: balances by Helius.', default: 'https://mainnet.helius-rpc.com' }),
  HELIUS_API_KEY: key('A key of Helius; without it Solana is not read.'),
  HELIUS_PER_MINUTE: perMinute('Helius', '120'),
  TRONGRID_URL: url({ description: 'Tron, by TronGrid.', default: 'https://api.trongrid.io' }),
  TRONGRID_API_KEY: key('A key of TronGrid; without it less may be asked.'),
  TRONGRID_PER_MINUTE: perMinute('TronGrid', '300'),
  TON_URL: url({ description: 'TON, by TON Center.', default: 'https://toncenter.com/api/v3' }),
  TON_API_KEY: key('A key of TON Center; without it the public server is not asked.'),
  TON_PER_MINUTE: perMinute('TON Center', '55'),
});
