import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The nightly chain: a run a slot, and how far each of its steps is. */
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
      create index chain_step_of_job on chain_step (job_id) where job_id is not null;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table chain_step, chain_run');
  }
}
