import type { ProviderSettings } from '@scani/providers';
import type { Live } from '@scani/runtime';
import type { DataProviderEnv } from '../env.js';

type ChainSettings = Pick<ProviderSettings, 'esplora'>;

/** What the sources of chains are set to, by the names of their lines. */
export function chainSourcesOf(env: DataProviderEnv): {
  readonly settings: ChainSettings;
  readonly budgets: Readonly<Record<string, number>>;
  readonly keys: Readonly<Record<string, Live<string | undefined>>>;
} {
  return {
    settings: { esplora: { url: env.ESPLORA_URL } },
    budgets: { esplora: env.ESPLORA_PER_MINUTE },
    keys: {},
  };
}
