import { bodyOf, call } from '../call.js';
import { listOf, recordOf, textOf } from '../exact-json.js';
import { type Lent, ProviderError } from '../provider.js';

export const NAME = 'etherscan';

export interface EtherscanSettings {
  /** The one address of V2, e.g. `https://api.etherscan.io/v2/api`. */
  readonly url: string;
  /** Read for every request, so that it may change. Without it nothing is asked. */
  readonly apiKey?: string | undefined;
}

/** Tries of one question in all: keys are limited by the second, and a wallet is several questions. */
const ATTEMPTS = 3;
const SECOND_MS = 1_000;

/** The `result` of an answer. Throws ProviderError for trouble, which it tells with status 200 and words. */
export async function ask(
  settings: EtherscanSettings,
  lent: Lent,
  chain: number,
  query: Readonly<Record<string, string>>,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(settings, lent, chain, query);
    } catch (error) {
      const soon = error instanceof ProviderError && error.code === 'limited' && error.retryAfterSeconds === 1;
      if (!soon || !lent.pause || attempt >= ATTEMPTS) throw error;
      await lent.pause(SECOND_MS);
    }
  }
}

async function askOnce(
  settings: EtherscanSettings,
  lent: Lent,
  chain: number,
  query: Readonly<Record<string, string>>,
): Promise<unknown> {
  const { apiKey } = settings;
  if (apiKey === undefined) throw new ProviderError(NAME, 'unauthorized', 'needs a key');
  const answer = await call(NAME, lent, settings.url, '', {
    chainid: String(chain),
    module: 'account',
    ...query,
    apikey: apiKey,
  });
  const record = recordOf(bodyOf(NAME, answer, lent.now()));
  const result = record?.['result'];
  if (record?.['status'] === '1' || isNothing(textOf(record?.['message']), result)) return result;
  throw troubleOf(typeof result === 'string' ? result : (textOf(record?.['message']) ?? ''));
}

/** `{ status: "0", message: "No transactions found", result: [] }` is an answer. */
const isNothing = (message: string | undefined, result: unknown): boolean =>
  listOf(result)?.length === 0 && /^No .*(found|records)/i.test(message ?? '');

const DAY_SECONDS = 86_400;

/** docs.etherscan.io/resources/common-error-messages. Of the words only these are told on: others may hold what was asked. */
function troubleOf(words: string): ProviderError {
  if (/daily/i.test(words)) return new ProviderError(NAME, 'limited', 'the key is used up for today', DAY_SECONDS / 4);
  if (/too many invalid/i.test(words)) return new ProviderError(NAME, 'limited', 'refuses all keys for a while', 30);
  if (/rate limit/i.test(words)) return new ProviderError(NAME, 'limited', 'asked too often in one second', 1);
  if (/not supported for this chain|upgrade|pro (plan|endpoint)/i.test(words))
    return new ProviderError(NAME, 'not-covered', 'the plan of this key does not include this chain');
  if (/api ?key/i.test(words)) return new ProviderError(NAME, 'unauthorized', 'does not know this key');
  if (/unsupported chain/i.test(words)) return new ProviderError(NAME, 'not-covered', 'does not have this chain');
  return new ProviderError(NAME, 'failed', 'could not answer this time');
}
