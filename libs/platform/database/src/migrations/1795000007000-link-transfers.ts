import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Moves between a person's own accounts: which entries belong together, who said so, and what is said of a counterparty. */
export class LinkTransfers1795000007000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table transfer_rule (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        counterparty text not null,
        direction text not null check (direction in ('in', 'out')),
        verdict text not null check (verdict in ('internal', 'left-my-control', 'untracked')),
        created_at timestamptz not null default now(),
        unique (user_id, counterparty, direction),
        unique (id, user_id)
      );

      create table transfer_group (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        verdict text not null check (verdict in ('paired', 'internal', 'left-my-control', 'untracked', 'split')),
        decided_by text not null check (decided_by in ('match', 'user', 'rule')),
        rule_id uuid,
        created_at timestamptz not null default now(),
        unique (id, user_id),
        foreign key (rule_id, user_id) references transfer_rule (id, user_id) on delete cascade
      );
      create index transfer_group_of_user on transfer_group (user_id, created_at desc, id desc);
      create index transfer_group_of_rule on transfer_group (rule_id) where rule_id is not null;

      -- Two entries that a person took apart are not put together again.
      create table transfer_refusal (
        user_id uuid not null references users on delete cascade,
        out_id uuid not null references transaction on delete cascade,
        in_id uuid not null references transaction on delete cascade,
        primary key (out_id, in_id)
      );

      -- Entries for a person to look at, as the last look for transfers found them; a cache.
      create table transfer_review (
        transaction_id uuid primary key references transaction on delete cascade,
        user_id uuid not null references users on delete cascade,
        occurred_at timestamptz not null,
        sequence bigint not null
      );
      create index transfer_review_of_user on transfer_review (user_id, occurred_at desc, sequence desc);

      -- One spelling of a counterparty's name: compatible characters, case and spaces make no difference.
      create function scani_counterparty(name text) returns text language sql immutable parallel safe
        return btrim(regexp_replace(lower(normalize(name, nfkc)), '\\s+', ' ', 'g'));

      alter table transaction add constraint transaction_transfer_group foreign key (transfer_group_id, user_id)
        references transfer_group (id, user_id) on delete set null (transfer_group_id);
      create index transaction_of_transfer_group on transaction (transfer_group_id) where transfer_group_id is not null;
      create index transaction_unlinked on transaction (user_id, occurred_at)
        where transfer_group_id is null and kind in ('withdraw', 'deposit', 'transfer-in', 'transfer-out');
    `);
    // Bridged tokens are assets of their own with one CoinGecko id.
    await db.query(`
      alter table asset_identity drop constraint asset_identity_provider_external_id_key;
      create unique index asset_identity_only_one on asset_identity (provider, external_id) where provider <> 'coingecko';
      create index asset_identity_by_id on asset_identity (provider, external_id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index asset_identity_by_id, asset_identity_only_one;
      alter table asset_identity add unique (provider, external_id);
      alter table transaction drop constraint transaction_transfer_group;
      drop index transaction_of_transfer_group, transaction_unlinked;
      drop table transfer_review, transfer_refusal, transfer_group, transfer_rule;
      drop function scani_counterparty(text);
    `);
  }
}
