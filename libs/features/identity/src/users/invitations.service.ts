import { Inject, Injectable } from '@nestjs/common';
import { rowOf, rowsOf } from '@scani/database';
import { JobQueue } from '@scani/jobs';
import { NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../identity.settings.js';
import { sendInvitationMail } from './send-invitation-mail.job.js';
import type { Invitation } from './users.dto.js';

interface InvitationRow {
  id: string;
  email: string;
  created_at: Date;
  accepted_at: Date | null;
}

/** Which addresses may make an account while sign-up is by invitation. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly source: DataSource,
    private readonly jobs: JobQueue,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  async list(): Promise<Invitation[]> {
    const rows = await rowsOf<InvitationRow>(
      this.source,
      'select id, email, created_at, accepted_at from invitation order by created_at desc limit 500',
    );
    return rows.map(shown);
  }

  /** Inviting an address twice is one invitation, and another mail while nobody has come in by it. */
  create(by: string, email: string): Promise<Invitation> {
    return this.source.transaction(async (db) => {
      const row = await rowOf<InvitationRow>(
        db,
        `insert into invitation (id, email, created_by) values ($1, $2, $3)
         on conflict (email) do update set created_by = excluded.created_by returning id, email, created_at, accepted_at`,
        [randomUUIDv7(), email, by],
      );
      if (!row) throw new Error('the invitation was not returned');
      if (row.accepted_at === null) {
        await this.jobs.ask(db, sendInvitationMail, {
          invitationId: row.id,
          link: `${this.settings.frontendUrl}/sign-in`,
        });
      }
      return shown(row);
    });
  }

  async remove(id: string): Promise<void> {
    const gone = await rowOf(this.source, 'delete from invitation where id = $1 returning id', [id]);
    if (!gone) throw new NotFound('invitation-not-found', 'There is no such invitation.');
  }
}

const shown = (row: InvitationRow): Invitation => ({
  id: row.id,
  email: row.email,
  createdAt: row.created_at.toISOString(),
  acceptedAt: row.accepted_at?.toISOString() ?? null,
});
