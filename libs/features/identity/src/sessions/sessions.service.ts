import { Inject, Injectable } from '@nestjs/common';
import { hashSecret, randomToken } from '@scani/crypto';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { Principal, Role } from '../http/principal.js';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../identity.settings.js';
import type { Session } from './sessions.dto.js';

const SLIDING = `interval '7 days'`;
export const LONGEST_DAYS = 30;
/** A session in use is written at most this often. */
const TOUCH = `interval '5 minutes'`;

export interface Client {
  userAgent: string | null;
  address: string | null;
}

interface SessionRow {
  id: string;
  user_agent: string | null;
  address: string | null;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
}

/** Sessions live in Postgres: 7 days from the last use, 30 days at most. The token is kept as a hash. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly source: DataSource,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** Opens a session and returns its token, which is shown once. Joins the caller's transaction. */
  async open(db: Db, userId: string, client: Client): Promise<string> {
    const token = randomToken();
    await db.query(
      `insert into session (id, user_id, token_hash, user_agent, address, expires_at, ends_at)
       values ($1, $2, $3, $4, $5, now() + ${SLIDING}, now() + interval '${LONGEST_DAYS} days')`,
      [randomUUIDv7(), userId, this.hash(token), client.userAgent?.slice(0, 300) ?? null, client.address],
    );
    return token;
  }

  /** Who holds this token, or undefined when it is unknown, expired or revoked. Keeps the session alive. */
  async principalOf(token: string): Promise<Principal | undefined> {
    const row = await rowOf<{ id: string; user_id: string; role: Role; demo_id: string | null; stale: boolean }>(
      this.source,
      `select session.id, session.user_id, users.role, session.last_seen_at < now() - ${TOUCH} as stale,
         case when users.sees_demo then (select id from users as demo where demo.is_demo) end as demo_id
       from session join users on users.id = session.user_id
       where token_hash = $1 and expires_at > now() and ends_at > now()`,
      [this.hash(token)],
    );
    if (!row) return undefined;
    if (row.stale) await this.touch(row.id, row.user_id);
    return { userId: row.user_id, sessionId: row.id, role: row.role, portfolioOf: row.demo_id ?? row.user_id };
  }

  async list(me: Principal): Promise<Session[]> {
    const rows = await rowsOf<SessionRow>(
      this.source,
      `select id, user_agent, address, created_at, last_seen_at, expires_at from session
       where user_id = $1 and expires_at > now() and ends_at > now() order by last_seen_at desc limit 200`,
      [me.userId],
    );
    return rows.map((row) => ({
      id: row.id,
      current: row.id === me.sessionId,
      createdAt: row.created_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      userAgent: row.user_agent,
      address: row.address,
    }));
  }

  async revoke(me: Principal, id: string): Promise<void> {
    const gone = await rowOf(this.source, 'delete from session where id = $1 and user_id = $2 returning id', [
      id,
      me.userId,
    ]);
    if (!gone) throw new NotFound('session-not-found', 'There is no such session.');
  }

  async revokeOthers(me: Principal): Promise<void> {
    await this.source.query('delete from session where user_id = $1 and id <> $2', [me.userId, me.sessionId]);
  }

  private async touch(id: string, userId: string): Promise<void> {
    await this.source.query(
      `update session set last_seen_at = now(), expires_at = least(now() + ${SLIDING}, ends_at) where id = $1`,
      [id],
    );
    await this.source.query('update users set last_seen_at = now() where id = $1', [userId]);
  }

  private hash(token: string): Buffer {
    return hashSecret(this.settings.secret, 'session', token);
  }
}
