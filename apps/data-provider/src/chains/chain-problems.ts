import { ProviderError, type ProviderErrorCode } from '@scani/providers';
import { type Refusal, Unavailable } from '@scani/runtime';
import type { WalletProblem } from './chains.dto.js';

const CODES: Readonly<Record<ProviderErrorCode, string>> = {
  limited: 'chain-limited',
  unauthorized: 'chain-key-refused',
  'not-covered': 'chain-not-covered',
  unreachable: 'chain-unavailable',
  timeout: 'chain-unavailable',
  cancelled: 'chain-unavailable',
  failed: 'chain-unavailable',
  malformed: 'chain-unavailable',
};

/** When trouble is over that does not say so itself. */
const RETRY_SECONDS: Readonly<Partial<Record<ProviderErrorCode, number>>> = {
  limited: 5,
  unreachable: 30,
  timeout: 30,
  failed: 30,
  malformed: 60,
};

export function problemOf(error: ProviderError): WalletProblem {
  return {
    reason: error.code,
    detail: error.message,
    retryAfterSeconds: error.retryAfterSeconds ?? RETRY_SECONDS[error.code] ?? null,
  };
}

export function refusalOf(error: ProviderError): Refusal {
  const { detail, retryAfterSeconds } = problemOf(error);
  return new Unavailable(CODES[error.code], `${detail}.`, retryAfterSeconds ?? undefined);
}
