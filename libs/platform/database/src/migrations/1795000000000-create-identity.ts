import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may come in: people, their sessions, sign-in challenges and invitations. */
export class CreateIdentity1795000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // `user` is a reserved word in SQL (and so is `group`): these two tables are plural.
    await db.query(`
      create table users (
        id uuid primary key,
        email text not null unique check (email = lower(email)),
        display_name text,
        role text not null check (role in ('owner', 'admin')),
        base_currency text not null default 'EUR',
        time_zone text not null default 'UTC',
        locale text not null default 'en',
        is_demo boolean not null default false,
        sees_demo boolean not null default false,
        began_at timestamptz,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz
      );
      create unique index users_one_demo on users (is_demo) where is_demo;

      create table session (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        token_hash bytea not null unique,
        user_agent text,
        address text,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        expires_at timestamptz not null,
        ends_at timestamptz not null
      );
      create index session_of_user on session (user_id);

      create table sign_in_challenge (
        id uuid primary key,
        email text not null,
        link_hash bytea not null unique,
        code_hash bytea not null,
        tries_left smallint not null check (tries_left >= 0),
        link_expires_at timestamptz not null,
        code_expires_at timestamptz not null,
        used_at timestamptz,
        created_at timestamptz not null default now()
      );
      create index sign_in_challenge_of_email on sign_in_challenge (email, created_at);

      create table invitation (
        id uuid primary key,
        email text not null unique check (email = lower(email)),
        created_by uuid references users on delete set null,
        created_at timestamptz not null default now(),
        accepted_at timestamptz
      );

      create table idempotency_key (
        user_id uuid not null references users on delete cascade,
        key text not null,
        request_hash bytea not null,
        status smallint,
        body jsonb,
        created_at timestamptz not null default now(),
        primary key (user_id, key)
      );
      create index idempotency_key_by_age on idempotency_key (created_at);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table idempotency_key, invitation, sign_in_challenge, session, users');
  }
}
