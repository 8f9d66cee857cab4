import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Prices that were off by a factor of ten wait here until a later one confirms them. */
export class SetPricesAside1795000017000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table price_aside (
        asset_id uuid not null references asset on delete cascade,
        quote_asset_id uuid not null references asset on delete cascade,
        at timestamptz not null,
        granularity text not null check (granularity in ('intraday', 'daily')),
        value numeric not null check (value > 0),
        source text not null,
        beside_at timestamptz not null,
        beside_value numeric not null,
        recorded_at timestamptz not null default now(),
        primary key (asset_id, quote_asset_id, at, granularity, source)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table price_aside');
  }
}
