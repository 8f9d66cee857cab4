/**
 * `unreachable` no answer · `unauthorized` the key is missing or unknown · `forbidden` the key may not do this ·
 * `limited` over a limit, come back later · `refused` the request itself is not accepted · `failed` the other side is at
 * fault, or lacks a part (`problem` names it, e.g. `mail-not-configured`).
 */
export type CloudErrorCode = 'unreachable' | 'unauthorized' | 'forbidden' | 'limited' | 'refused' | 'failed';

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

  get problem(): string | undefined {
    return this.about.problem;
  }

  get retryAfterSeconds(): number | undefined {
    return this.about.retryAfterSeconds;
  }
}
