import type { ProviderSettings } from '@scani/providers';
import { type Live, liveOf } from '@scani/runtime';
import type { DataProviderEnv } from '../env.js';
import type { Policy } from '../outside/guarded-http.js';

type ChainSettings = Pick<ProviderSettings, 'ens' | 'esplora' | 'etherscan' | 'helius' | 'ton' | 'tron'>;

/** What the sources of chains are set to, by the names of their lines. */
export function chainSourcesOf(env: DataProviderEnv): {
  readonly settings: ChainSettings;
  readonly budgets: Readonly<Record<string, number>>;
  readonly policies: Readonly<Record<string, Partial<Policy>>>;
  readonly keys: Readonly<Record<string, Live<string | undefined>>>;
} {
  const etherscan = liveOf(env, 'ETHERSCAN_API_KEY');
  const node = liveOf(env, 'ETHEREUM_RPC_URL');
  const helius = liveOf(env, 'HELIUS_API_KEY');
  const trongrid = liveOf(env, 'TRONGRID_API_KEY');
  const toncenter = liveOf(env, 'TON_API_KEY');
  return {
    settings: {
      tron: {
        url: env.TRONGRID_URL,
        get apiKey() {
          return trongrid.current;
        },
      },
      ton: {
        url: env.TON_URL,
        get apiKey() {
          return toncenter.current;
        },
      },
      helius: {
        url: env.HELIUS_URL,
        rpcUrl: env.HELIUS_RPC_URL,
        get apiKey() {
          return helius.current;
        },
      },
      ens: {
        get url() {
          return node.current;
        },
      },
      esplora: { url: env.ESPLORA_URL },
      etherscan: {
        url: env.ETHERSCAN_URL,
        get apiKey() {
          return etherscan.current;
        },
      },
    },
    budgets: {
      'ethereum-rpc': env.ETHEREUM_RPC_PER_MINUTE,
      helius: env.HELIUS_PER_MINUTE,
      tron: env.TRONGRID_PER_MINUTE,
      ton: env.TON_PER_MINUTE,
      esplora: env.ESPLORA_PER_MINUTE,
      etherscan: env.ETHERSCAN_PER_MINUTE,
    },
    // A free key may ask three times a second.
    policies: { etherscan: { concurrent: 2 } },
    keys: { 'ethereum-rpc': node, etherscan, helius, tron: trongrid, ton: toncenter },
  };
}
