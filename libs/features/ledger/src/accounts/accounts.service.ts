import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { UsersService } from '@scani/identity';
import { JobQueue } from '@scani/jobs';
import { AssetsService } from '@scani/market';
import { Invalid, NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import { noteChanges } from '../changes.js';
import { ledgerChanged } from '../ledger.news.js';
import type { CreateAccount, CreateInstitution, Institution, UpdateAccount } from './accounts.dto.js';

/** Institutions and the accounts that people have there. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly source: DataSource,
    private readonly users: UsersService,
    private readonly assets: AssetsService,
    private readonly jobs: JobQueue,
  ) {}

  async institutions(userId: string): Promise<Institution[]> {
    const rows = await rowsOf<Omit<Institution, 'own'>>(
      this.source,
      'select id, name, kind from institution where user_id = $1 order by lower(name) limit 1000',
      [userId],
    );
    return rows.map((row) => ({ ...row, own: true }));
  }

  /** The same name twice is the same institution. Joins the caller's transaction. */
  async createInstitution(db: Db, userId: string, wanted: CreateInstitution): Promise<Institution> {
    const row = await rowOf<Omit<Institution, 'own'>>(
      db,
      `insert into institution (id, user_id, name, kind) values ($1, $2, $3, $4)
       on conflict (user_id, name) do update set name = excluded.name returning id, name, kind`,
      [randomUUIDv7(), userId, wanted.name.trim(), wanted.kind],
    );
    return { ...(row as Omit<Institution, 'own'>), own: true };
  }

  create(userId: string, wanted: CreateAccount): Promise<string> {
    return this.source.transaction((db) => this.open(db, userId, wanted));
  }

  /** Makes an account, and its institution where that is new; its id. Joins the caller's transaction. */
  async open(db: Db, userId: string, wanted: CreateAccount): Promise<string> {
    await this.assets.currencyId(db, wanted.currency, '/currency');
    const institutionId = await this.institutionFor(db, userId, wanted);
    const id = randomUUIDv7();
    await db.query(
      'insert into account (id, user_id, institution_id, name, kind, currency) values ($1, $2, $3, $4, $5, $6)',
      [id, userId, institutionId, wanted.name.trim(), wanted.kind, wanted.currency],
    );
    await this.users.begin(db, userId);
    await this.jobs.ask(db, ledgerChanged, { userId });
    return id;
  }

  update(userId: string, id: string, changes: UpdateAccount): Promise<void> {
    return this.source.transaction((db) => this.change(db, userId, id, changes));
  }

  /** Throws NotFound. Joins the caller's transaction. */
  async change(db: Db, userId: string, id: string, changes: UpdateAccount): Promise<void> {
    const row = await rowOf(
      db,
      `update account set name = coalesce($3, name),
         archived_at = case when $4::boolean is null then archived_at when $4 then coalesce(archived_at, now()) end,
         cost_basis_method = case when $5 then $6 else cost_basis_method end
       where id = $1 and user_id = $2 returning id`,
      [
        id,
        userId,
        changes.name ?? null,
        changes.archived ?? null,
        changes.costBasisMethod !== undefined,
        changes.costBasisMethod ?? null,
      ],
    );
    if (!row) throw new NotFound('account-not-found', 'There is no such account.');
    if (changes.archived !== undefined) {
      const held = await rowsOf<{ id: string }>(db, 'select id from holding where account_id = $1 and user_id = $2', [
        id,
        userId,
      ]);
      await noteChanges(
        db,
        userId,
        held.map((holding) => ({ holdingId: holding.id, fromDay: null })),
      );
    }
    await this.jobs.ask(db, ledgerChanged, { userId });
  }

  private async institutionFor(db: Db, userId: string, wanted: CreateAccount): Promise<string> {
    if ((wanted.institution === undefined) === (wanted.institutionId === undefined)) {
      throw new Invalid('one-institution', 'Name either an institution of yours or a new one.', [
        { pointer: '/institutionId', detail: 'give either this or /institution' },
      ]);
    }
    if (wanted.institution) return (await this.createInstitution(db, userId, wanted.institution)).id;
    const row = await rowOf<{ id: string }>(db, 'select id from institution where id = $1 and user_id = $2', [
      wanted.institutionId,
      userId,
    ]);
    if (row) return row.id;
    throw new NotFound('institution-not-found', 'There is no such institution of yours.');
  }
}
