/**
 * `unauthorized`, `forbidden`, `limited`, `http-<status>`, a word of RFC 8620 or 8621 (`forbiddenFrom`, `serverFail`, …), or
 * one of ours: `no-account`, `no-identity`, `no-mailbox`, `not-jmap`, and those of OutboundError.
 */
export class JmapError extends Error {
  constructor(
    readonly code: string,
    readonly about: {
      /** This mail will never be taken; the same one need not be sent again. */
      readonly refused?: boolean;
      readonly retryAfterSeconds?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(`JMAP: ${code}`, { cause: about.cause });
    this.name = 'JmapError';
  }
}

/** SetErrors of RFC 8621, 7.5, after which the same mail cannot be sent, whoever tries. */
const REFUSALS = new Set(['invalidRecipients', 'noRecipients', 'tooManyRecipients', 'tooLarge', 'invalidEmail']);
/** RFC 8620, 5.3 and 3.6.1. */
const LIMITS = new Set(['rateLimit', 'limit']);
const PAUSE_SECONDS = 60;

export const errorOfType = (type: string): JmapError =>
  new JmapError(type, {
    refused: REFUSALS.has(type),
    ...(LIMITS.has(type) ? { retryAfterSeconds: PAUSE_SECONDS } : {}),
  });
