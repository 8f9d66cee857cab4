import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Interest that is known in advance, and goals that people save for. */
export class AddYieldsAndVaults1795000012000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table yield_config (
        id uuid primary key,
        user_id uuid not null,
        holding_id uuid not null,
        rate numeric not null check (rate > 0 and rate <= 10),
        payouts_per_year smallint not null check (payouts_per_year in (365, 260, 52, 12, 1)),
        starts_on date not null,
        ends_on date,
        accrued_to date,
        created_at timestamptz not null default now(),
        unique (holding_id),
        check (ends_on is null or ends_on >= starts_on),
        foreign key (holding_id, user_id) references holding (id, user_id) on delete cascade
      );
      create index yield_config_of_user on yield_config (user_id);

      create table vault (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        name text not null,
        target numeric not null check (target > 0),
        currency text not null,
        due_on date,
        created_at timestamptz not null default now(),
        unique (user_id, name),
        unique (id, user_id)
      );
      create table vault_slice (
        vault_id uuid not null,
        holding_id uuid not null,
        user_id uuid not null,
        percent numeric not null check (percent > 0 and percent <= 100),
        primary key (vault_id, holding_id),
        foreign key (vault_id, user_id) references vault (id, user_id) on delete cascade,
        foreign key (holding_id, user_id) references holding (id, user_id) on delete cascade
      );
      create index vault_slice_of_holding on vault_slice (holding_id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table vault_slice, vault, yield_config');
  }
}
