import { Injectable } from '@nestjs/common';
import { rowOf, rowsOf } from '@scani/database';
import { NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
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
  constructor(private readonly source: DataSource) {}

  async list(): Promise<Invitation[]> {
    const rows = await rowsOf<InvitationRow>(
      this.source,
      'select id, email, created_at, accepted_at from invitation order by created_at desc limit 500',
    );
    return rows.map(shown);
  }

  /** Inviting an address twice is one invitation. */
  async create(by: string, email: string): Promise<Invitation> {
    const row = await rowOf<InvitationRow>(
      this.source,
      `insert into invitation (id, email, created_by) values ($1, $2, $3)
       on conflict (email) do update set created_by = excluded.created_by returning id, email, created_at, accepted_at`,
      [randomUUIDv7(), email, by],
    );
    if (!row) throw new Error('the invitation was not returned');
    return shown(row);
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
