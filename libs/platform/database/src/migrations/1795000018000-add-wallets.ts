import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Addresses on chains that are followed: which account holds what is found there, and how far it has been read. */
export class AddWallets1795000018000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table wallet (
        id uuid primary key,
        user_id uuid not null,
        account_id uuid not null unique,
        chain text not null check (chain <> ''),
        address text not null check (address <> ''),
        -- As they were when it was added: they are shown while nobody can be asked, too.
        chain_name text not null,
        explorer text not null,
        -- The name that led to the address (alice.eth); null where the address was given.
        name text,
        -- Up to where its movements are in the ledger; moves with them, in their transaction.
        cursor text,
        -- When everything up to then was last known to be in the ledger.
        synced_at timestamptz,
        -- Why the last sync did not get through, and what the source could not tell.
        problem jsonb,
        gaps text[] not null default '{}',
        -- Not followed any more; its account and entries stay, and it goes on from its cursor when it is added again.
        stopped_at timestamptz,
        created_at timestamptz not null default now(),
        unique (user_id, chain, address),
        unique (id, user_id),
        foreign key (account_id, user_id) references account (id, user_id) on delete cascade
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table wallet');
  }
}
