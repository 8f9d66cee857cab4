import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work that was asked for (the outbox and what people see of it), the schedules, and the processes that run. */
export class CreateJobs1795000004000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table job (
        id uuid primary key,
        name text not null,
        key text,
        user_id uuid references users on delete cascade,
        title text not null,
        payload jsonb not null default '{}',
        subject_id uuid,
        state text not null default 'waiting'
          check (state in ('waiting', 'queued', 'active', 'completed', 'failed', 'cancelled')),
        attempts smallint not null default 0,
        progress jsonb,
        error jsonb,
        cancellable boolean not null default false,
        cancel_wanted boolean not null default false,
        created_at timestamptz not null default now(),
        run_after timestamptz not null default now(),
        started_at timestamptz,
        beat_at timestamptz,
        finished_at timestamptz
      );
      create unique index job_one_waiting on job (name, key) where key is not null and state in ('waiting', 'queued');
      create unique index job_one_active on job (name, key) where key is not null and state = 'active';
      create index job_to_relay on job (run_after) where state = 'waiting';
      create index job_unfinished on job (beat_at) where state in ('queued', 'active');
      create index job_of_user on job (user_id, created_at desc, id desc);
      create index job_failed on job (finished_at) where state = 'failed';

      create table schedule (
        name text primary key,
        cron text not null,
        last_slot_at timestamptz,
        last_asked_at timestamptz
      );

      create table scani_instances (
        id uuid primary key,
        component text not null,
        version text not null,
        required int not null,
        memory_mb int not null,
        started_at timestamptz not null,
        last_seen_at timestamptz not null
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table scani_instances, schedule, job');
  }
}
