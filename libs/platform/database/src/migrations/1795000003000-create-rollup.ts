import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The daily rollup: a cache of what the ledger and the prices say. Dropping its rows loses nothing. */
export class CreateRollup1795000003000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // No foreign key: half a million rows are copied in at once, and each would be checked. Erasing a user names it.
    await db.query(`
      create table rollup (
        user_id uuid not null,
        base_currency text not null,
        scope text not null check (scope in ('user', 'institution', 'account', 'holding')),
        scope_id uuid not null,
        day date not null,
        value numeric,
        coverage text not null check (coverage in ('full', 'partial', 'estimated', 'unknown')),
        primary key (user_id, base_currency, scope, scope_id, day)
      );

      create table rollup_state (
        user_id uuid not null references users on delete cascade,
        base_currency text not null,
        built_at timestamptz,
        built_to date,
        wanted_at timestamptz not null default now(),
        primary key (user_id, base_currency)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table rollup_state, rollup');
  }
}
