import type { CloudClient } from '@scani/cloud';
import { rowOf } from '@scani/database';
import { defineJob, handle, type HandledJob } from '@scani/jobs';
import type { DataSource } from 'typeorm';
import { deliver } from '../mails/deliver.js';

/** `link` is where to sign in, which opens nothing by itself; the address stays in its table. */
export const sendInvitationMail = defineJob<{ invitationId: string; link: string }>({
  name: 'send-invitation-mail',
  title: 'Send invitation',
  key: ({ invitationId }) => invitationId,
  attempts: 6,
  firstRetryMs: 10_000,
  timeoutMs: 30_000,
});

/** An invitation that was withdrawn or accepted in the meantime needs no mail. */
export function sendInvitationMailHandler(cloud: CloudClient, source: DataSource): HandledJob {
  return handle(sendInvitationMail, async ({ invitationId, link }) => {
    const row = await rowOf<{ email: string; inviter: string | null }>(
      source,
      `select i.email, coalesce(u.display_name, u.email) as inviter
       from invitation i left join users u on u.id = i.created_by where i.id = $1 and i.accepted_at is null`,
      [invitationId],
    );
    if (!row) return;
    const inviter = namedIn(row.inviter);
    await deliver(cloud, {
      template: 'invitation',
      to: row.email,
      data: { link, ...(inviter === undefined ? {} : { inviter }) },
    });
  });
}

/** People may call themselves anything; a mail to a stranger holds names of one line that are no address of the web. */
function namedIn(name: string | null): string | undefined {
  const line = name
    ?.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 100);
  return !line || /:\/\/|\bwww\./i.test(line) ? undefined : line;
}
