import { Invalid, TooMany, Unavailable } from '@scani/runtime';
import { JmapError } from './jmap/jmap.error.js';

const RETRY_SECONDS = 60;

/** What an operator can do about it. */
const JMAP_TROUBLES: Readonly<Record<string, string>> = {
  unauthorized: 'FASTMAIL_API_TOKEN is not accepted: it was revoked, or is of another server',
  forbidden: 'FASTMAIL_API_TOKEN may not be used for this: it needs the scopes for mail and for sending mail',
  'no-account': 'the account of FASTMAIL_API_TOKEN cannot send mail: it needs the scopes for mail and for sending mail',
  'no-identity': 'the account of FASTMAIL_API_TOKEN has no identity with the address of SMTP_FROM',
  'no-mailbox': 'the account of FASTMAIL_API_TOKEN has no mailbox to write a draft in',
  forbiddenFrom: 'the account of FASTMAIL_API_TOKEN may not send as this address: see SMTP_FROM',
  forbiddenMailFrom: 'the account of FASTMAIL_API_TOKEN may not send as this address: see SMTP_FROM',
  forbiddenToSend: 'the account of FASTMAIL_API_TOKEN may not send mail at the moment',
  'not-jmap': 'FASTMAIL_URL does not answer as a JMAP server does',
};

/** Codes alone: texts of mail servers may hold addresses. */
export function troubleOf(error: unknown): string {
  if (error instanceof JmapError)
    return JMAP_TROUBLES[error.code] ?? `the mail server could not be used: JMAP ${error.code}`;
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return `the mail server could not be used: ${code ?? 'unknown'}${responseCode ? ` ${responseCode}` : ''}`;
}

/** Why this very mail will never be taken; undefined where another try may help. */
export function refusalOf(error: unknown): Invalid | undefined {
  if (error instanceof JmapError) return error.about.refused ? refused(error.code) : undefined;
  const { command, responseCode } = error as { command?: string; responseCode?: number };
  // 5xx to RCPT TO: the receiver does not exist or does not want it; to DATA: nobody wants this mail (RFC 5321, 4.2.1).
  const final = (command === 'RCPT TO' || command === 'DATA') && responseCode !== undefined && responseCode >= 500;
  return final ? refused(String(responseCode)) : undefined;
}

export function delayOf(error: unknown): TooMany | Unavailable {
  const trouble = troubleOf(error);
  const after = error instanceof JmapError ? error.about.retryAfterSeconds : undefined;
  return after === undefined
    ? new Unavailable('mail-not-sent', `The mail was not sent: ${trouble}.`, RETRY_SECONDS)
    : new TooMany('mail-server-limit', `The mail was not sent: ${trouble}.`, after);
}

const refused = (why: string): Invalid =>
  new Invalid('mail-refused', `The mail server does not take this mail for this address: ${why}.`, [
    { pointer: '/to', detail: `was refused with ${why}` },
  ]);
