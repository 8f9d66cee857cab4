import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Gains as the worker found them: a cache of what the ledger and the prices say, read page by page. */
export class StoreGains1795000009000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table gains_state (
        user_id uuid not null references users on delete cascade,
        base_currency text not null,
        built_at timestamptz,
        wanted_at timestamptz not null default now(),
        -- By which a year was told from another, and the years in which there is something.
        method text,
        years int[] not null default '{}',
        primary key (user_id, base_currency)
      );

      create table gains_disposal (
        user_id uuid not null references users on delete cascade,
        base_currency text not null,
        transaction_id uuid not null,
        holding_id uuid not null,
        year int not null,
        at timestamptz not null,
        kind text not null,
        quantity numeric not null,
        proceeds numeric,
        cost numeric,
        gain numeric,
        known_gain numeric,
        short boolean not null,
        lots jsonb not null,
        primary key (user_id, base_currency, transaction_id)
      );
      create index gains_disposal_of_year on gains_disposal (user_id, base_currency, year, at desc, transaction_id desc);

      create table gains_income (
        user_id uuid not null references users on delete cascade,
        base_currency text not null,
        transaction_id uuid not null,
        holding_id uuid not null,
        year int not null,
        at timestamptz not null,
        kind text not null,
        quantity numeric not null,
        amount numeric,
        primary key (user_id, base_currency, transaction_id)
      );
      create index gains_income_of_year on gains_income (user_id, base_currency, year);

      create table gains_open (
        user_id uuid not null references users on delete cascade,
        base_currency text not null,
        pool text not null,
        method text not null,
        short boolean not null,
        holding_ids uuid[] not null,
        quantity numeric not null,
        cost numeric,
        unknown_quantity numeric not null,
        lots jsonb not null,
        primary key (user_id, base_currency, pool)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table gains_open, gains_income, gains_disposal, gains_state');
  }
}
