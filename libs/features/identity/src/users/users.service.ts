import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import type { CostBasisMethod } from '@scani/domain';
import { Conflict, NotFound, type Page, pageOf, readCursor } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { Role } from '../http/principal.js';

export interface UserRow {
  id: string;
  email: string;
  display_name: string | null;
  role: Role;
  base_currency: string;
  time_zone: string;
  locale: string;
  cost_basis_method: CostBasisMethod;
  sees_demo: boolean;
  began_at: Date | null;
  created_at: Date;
  last_seen_at: Date | null;
}

const COLUMNS =
  'id, email, display_name, role, base_currency, time_zone, locale, cost_basis_method, sees_demo, began_at, created_at, last_seen_at';

/** Any number will do; it makes "the first account" one account even when two people sign up at once. */
const FIRST_USER_LOCK = 7_264_010;

@Injectable()
export class UsersService {
  constructor(private readonly source: DataSource) {}

  async byId(id: string): Promise<UserRow> {
    const row = await rowOf<UserRow>(this.source, `select ${COLUMNS} from users where id = $1 and not is_demo`, [id]);
    if (!row) throw new NotFound('user-not-found', 'There is no such user.');
    return row;
  }

  byEmail(db: Db, email: string): Promise<UserRow | undefined> {
    return rowOf<UserRow>(db, `select ${COLUMNS} from users where email = $1 and not is_demo`, [email]);
  }

  async isEmptyInstallation(db: Db): Promise<boolean> {
    const row = await rowOf<{ any: boolean }>(db, 'select exists (select 1 from users where not is_demo) as any');
    return row?.any === false;
  }

  /** Makes the account of an address; the first of an installation becomes admin. Joins the caller's transaction. */
  async create(db: Db, email: string): Promise<UserRow> {
    await db.query('select pg_advisory_xact_lock($1)', [FIRST_USER_LOCK]);
    const existing = await this.byEmail(db, email);
    if (existing) return existing;
    const role: Role = (await this.isEmptyInstallation(db)) ? 'admin' : 'owner';
    const row = await rowOf<UserRow>(
      db,
      `insert into users (id, email, role, sees_demo)
       values ($1, $2, $3, exists (select 1 from users where is_demo)) returning ${COLUMNS}`,
      [randomUUIDv7(), email, role],
    );
    if (!row) throw new Error('the new user was not returned');
    await db.query('update invitation set accepted_at = now() where email = $1 and accepted_at is null', [email]);
    return row;
  }

  async update(
    id: string,
    changes: {
      displayName?: string | null;
      baseCurrency?: string;
      timeZone?: string;
      locale?: string;
      costBasisMethod?: CostBasisMethod;
    },
  ): Promise<UserRow> {
    await this.source.query(
      `update users set display_name = case when $6 then $2 else display_name end, base_currency = coalesce($3, base_currency),
         time_zone = coalesce($4, time_zone), locale = coalesce($5, locale),
         cost_basis_method = coalesce($7, cost_basis_method) where id = $1`,
      [
        id,
        changes.displayName ?? null,
        changes.baseCurrency ?? null,
        changes.timeZone ?? null,
        changes.locale ?? null,
        changes.displayName !== undefined,
        changes.costBasisMethod ?? null,
      ],
    );
    return this.byId(id);
  }

  /** From now on the person sees what is theirs. Joins the caller's transaction. */
  async begin(db: Db, userId: string): Promise<void> {
    await db.query(
      'update users set began_at = coalesce(began_at, now()), sees_demo = false where id = $1 and not is_demo',
      [userId],
    );
  }

  /** Puts the demo away for one person, and erases it when nobody looks at it any more. */
  async removeDemo(userId: string): Promise<void> {
    await this.source.transaction(async (db) => {
      await db.query('update users set sees_demo = false where id = $1', [userId]);
      const demo = await rowOf<{ id: string }>(
        db,
        'select id from users where is_demo and not exists (select 1 from users where sees_demo) for update',
      );
      if (demo) await this.erase(db, demo.id);
    });
  }

  /** Removes a whole user: the one way in which rows of the ledger go. Joins the caller's transaction. */
  async erase(db: Db, userId: string): Promise<void> {
    await db.query(`select set_config('scani.erasing_user', $1, true)`, [userId]);
    for (const table of ['rollup', 'rollup_money', 'transaction', 'observation', 'holding', 'account', 'institution']) {
      await db.query(`delete from ${table} where user_id = $1`, [userId]);
    }
    await db.query('delete from users where id = $1', [userId]);
    await db.query(`select set_config('scani.erasing_user', '', true)`);
  }

  async list(limit: number, cursor: string | undefined): Promise<Page<UserRow>> {
    const after = readCursor(cursor, 1);
    const rows = await rowsOf<UserRow>(
      this.source,
      `select ${COLUMNS} from users where not is_demo and ($1::uuid is null or id > $1) order by id limit $2`,
      [after?.[0] ?? null, limit + 1],
    );
    return pageOf(
      rows,
      limit,
      (row) => row,
      (row) => [row.id],
    );
  }

  async setRole(id: string, role: Role): Promise<UserRow> {
    await this.source.transaction(async (db) => {
      await db.query('select pg_advisory_xact_lock($1)', [FIRST_USER_LOCK]);
      await db.query('update users set role = $2 where id = $1 and not is_demo', [id, role]);
      const left = await rowOf<{ admins: number }>(
        db,
        `select count(*)::int as admins from users where role = 'admin'`,
      );
      if (left?.admins === 0)
        throw new Conflict('last-admin', 'This is the last admin. Make somebody else admin first.');
    });
    return this.byId(id);
  }
}
