import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The nightly chain: a run a slot, how far each of its steps is, and the work that a step has shared out. */
export class ChainSchedules1795000013000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table chain_run (
        chain text not null,
        slot timestamptz not null,
        state text not null default 'running' check (state in ('running', 'completed', 'failed')),
        started_at timestamptz not null default now(),
        finished_at timestamptz,
        primary key (chain, slot)
      );
      create unique index chain_one_running on chain_run (chain) where state = 'running';

      create table chain_step (
        chain text not null,
        slot timestamptz not null,
        step text not null,
        state text not null check (state in ('waiting', 'active', 'completed', 'failed', 'skipped')),
        job_id uuid,
        started_at timestamptz,
        finished_at timestamptz,
        primary key (chain, slot, step),
        foreign key (chain, slot) references chain_run on delete cascade
      );

      create table job_part (
        whole_id uuid not null references job on delete cascade,
        part_id uuid not null references job on delete cascade,
        primary key (whole_id, part_id)
      );
      create index job_part_of on job_part (part_id);

      -- Nothing has been held for a while: lists leave it out, totals of former days do not.
      alter table holding add column closed_at timestamptz;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table holding drop column closed_at');
    await db.query('drop table job_part, chain_step, chain_run');
  }
}
