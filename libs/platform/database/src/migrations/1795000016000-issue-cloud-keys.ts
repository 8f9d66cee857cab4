import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys that a hosted data-provider issues to other installations, and what each of them used. Jobs count how often the
 * other side asked them to come back later.
 */
export class IssueCloudKeys1795000016000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table cloud_key (
        id uuid primary key,
        handle text not null unique check (handle ~ '^[0-9a-f]{12}$'),
        secret_hash bytea not null check (length(secret_hash) = 32),
        name text not null check (name <> ''),
        scopes text[] not null check (cardinality(scopes) > 0),
        plan text not null,
        hourly_quota int not null check (hourly_quota > 0),
        monthly_quota int not null check (monthly_quota > 0),
        cost_ceiling numeric check (cost_ceiling > 0),
        created_by uuid references users on delete set null,
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        revoked_at timestamptz
      );

      create table cloud_usage (
        key_id uuid not null references cloud_key on delete cascade,
        day date not null,
        route text not null,
        requests bigint not null,
        units bigint not null check (units >= 0),
        errors bigint not null,
        cost numeric not null check (cost >= 0),
        last_at timestamptz not null,
        primary key (key_id, day, route)
      );

      alter table job add column waits int not null default 0;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table cloud_usage, cloud_key; alter table job drop column waits');
  }
}
