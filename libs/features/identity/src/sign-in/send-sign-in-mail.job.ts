import { CloudClient } from '@scani/cloud';
import { KeyRing } from '@scani/crypto';
import { defineJob, handle, type HandledJob } from '@scani/jobs';
import { deliver } from '../mails/deliver.js';
import { LINK_MINUTES } from './challenge.js';

export const MAIL_SEAL = 'sign-in-mail';

export interface SignInMail {
  to: string;
  link: string;
  code: string;
  linkMinutes: number;
  codeMinutes: number;
}

/** The link and the code open the door, so the outbox holds them sealed. */
export const sendSignInMail = defineJob<{ sealed: string }>({
  name: 'send-sign-in-mail',
  title: 'Send sign-in mail',
  attempts: 4,
  firstRetryMs: 3_000,
  timeoutMs: 30_000,
  // The link in it is dead by then.
  worthMs: LINK_MINUTES * 60_000,
});

export function sendSignInMailHandler(cloud: CloudClient, keys: KeyRing): HandledJob {
  return handle(sendSignInMail, async ({ sealed }) => {
    const { to, ...data } = JSON.parse(keys.open(MAIL_SEAL, sealed)) as SignInMail;
    await deliver(cloud, { template: 'sign-in', to, data });
  });
}
