import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that people hand in, what was read in them, and what became of it. */
export class CreateImports1795000005000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table upload (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        file_name text not null,
        size int not null check (size > 0),
        content_type text not null,
        storage_key text,
        content bytea,
        created_at timestamptz not null default now()
      );
      create index upload_of_user on upload (user_id);

      create table import (
        id uuid primary key,
        user_id uuid not null,
        account_id uuid not null,
        upload_id uuid not null unique references upload,
        format text check (format in ('csv', 'revolut-csv', 'ofx')),
        state text not null check (state in ('waiting', 'reading', 'needs-mapping', 'to-review', 'recording', 'recorded',
          'failed', 'discarded')),
        mapping jsonb,
        sample jsonb,
        row_count int not null default 0,
        new_count int not null default 0,
        known_count int not null default 0,
        problem_count int not null default 0,
        recorded_count int not null default 0,
        period_from date,
        period_to date,
        closing jsonb not null default '[]',
        matched_at timestamptz,
        job_id uuid,
        error jsonb,
        created_at timestamptz not null default now(),
        foreign key (account_id, user_id) references account (id, user_id) on delete cascade
      );
      create index import_of_user on import (user_id, created_at desc, id desc);
      create index import_to_record on import (account_id) where state = 'recording';

      create table import_row (
        import_id uuid not null references import on delete cascade,
        ordinal int not null,
        line int not null,
        state text not null check (state in ('new', 'known', 'problem')),
        draft jsonb,
        external_id text,
        problem text,
        recorded boolean not null default false,
        primary key (import_id, ordinal)
      );
      create index import_row_to_record on import_row (import_id, ordinal) where state = 'new' and not recorded;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table import_row, import, upload');
  }
}
