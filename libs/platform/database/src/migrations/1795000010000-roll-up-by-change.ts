import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the rollup needs to follow a change without being built anew, and the money that went in and out a day. */
export class RollUpByChange1795000010000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // The rows are a cache, and those of before lack the flags: they are built again.
    await db.query(`
      truncate rollup;
      update rollup_state set built_at = null;
      alter table rollup add column flags smallint not null default 0;

      -- Only days on which there was any. No foreign key, as with the rollup itself.
      create table rollup_money (
        user_id uuid not null,
        base_currency text not null,
        scope text not null check (scope in ('user', 'institution', 'account', 'holding')),
        scope_id uuid not null,
        day date not null,
        flow numeric not null,
        income numeric not null,
        costs numeric not null,
        currency_effect numeric not null,
        primary key (user_id, base_currency, scope, scope_id, day)
      );

      -- What changed since the figures were last worked out: of a holding (of all when null), from a day on (from the
      -- beginning when null).
      create table evidence_change (
        id bigint generated always as identity primary key,
        user_id uuid not null references users on delete cascade,
        holding_id uuid,
        from_day date,
        noted_at timestamptz not null default now()
      );
      create index evidence_change_of_user on evidence_change (user_id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table evidence_change, rollup_money');
    await db.query('alter table rollup drop column flags');
  }
}
