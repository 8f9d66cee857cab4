import { OutboundError } from '@scani/runtime';

/**
 * `unreachable` no answer · `unauthorized` the key is missing, unknown, revoked or expired · `forbidden` the key may not do
 * this · `limited` over a quota or the cost ceiling, come back after `retryAfterSeconds` · `refused` the request itself is not accepted · `failed` the other side is at
 * fault, or lacks a part. `problem` says which of them it is, e.g. `key-revoked`, `over-monthly-quota`, `mail-not-configured`.
 */
export type CloudErrorCode = 'unreachable' | 'unauthorized' | 'forbidden' | 'limited' | 'refused' | 'failed';

/** What a data-provider says of a key, as the `code` of its problem document. */
export type KeyProblem =
  | 'key-missing'
  | 'key-unknown'
  | 'key-revoked'
  | 'key-expired'
  | 'key-scope'
  | 'over-hourly-quota'
  | 'over-monthly-quota'
  | 'over-cost-ceiling';

/** These words count, whatever the status beside them is. */
export const CODE_OF_KEY_PROBLEM: Readonly<Record<KeyProblem, CloudErrorCode>> = {
  'key-missing': 'unauthorized',
  'key-unknown': 'unauthorized',
  'key-revoked': 'unauthorized',
  'key-expired': 'unauthorized',
  'key-scope': 'forbidden',
  'over-hourly-quota': 'limited',
  'over-monthly-quota': 'limited',
  'over-cost-ceiling': 'limited',
};

export const isKeyProblem = (word: string | undefined): word is KeyProblem =>
  word !== undefined && Object.hasOwn(CODE_OF_KEY_PROBLEM, word);

export class CloudError extends Error {
  constructor(
    readonly code: CloudErrorCode,
    message: string,
    readonly about: {
      readonly status?: number;
      /** The `code` of the problem document. */
      readonly problem?: string;
      readonly retryAfterSeconds?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: about.cause });
    this.name = 'CloudError';
  }

  /** In words for people. */
  get detail(): string {
    return this.message;
  }

  /** Nobody is there, or only a proxy before it: whatever was asked can be asked again at another time. */
  get away(): boolean {
    const { status = 0, problem, cause } = this.about;
    if (this.code === 'unreachable') return !(cause instanceof OutboundError && cause.code === 'cancelled');
    return this.code === 'failed' && problem === undefined && [502, 503, 504].includes(status);
  }

  get problem(): string | undefined {
    return this.about.problem;
  }

  get retryAfterSeconds(): number | undefined {
    return this.about.retryAfterSeconds;
  }
}
