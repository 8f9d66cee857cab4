import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The append-only truth: what happened (transaction) and what was seen (observation), and where it belongs. */
export class CreateLedger1795000002000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table institution (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        name text not null,
        kind text not null check (kind in ('bank', 'broker', 'exchange', 'wallet', 'fund', 'property', 'manual')),
        created_at timestamptz not null default now(),
        unique (user_id, name),
        unique (id, user_id)
      );

      create table account (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        institution_id uuid not null,
        name text not null,
        kind text not null check (kind in ('asset', 'liability')),
        currency text not null,
        archived_at timestamptz,
        created_at timestamptz not null default now(),
        unique (id, user_id),
        foreign key (institution_id, user_id) references institution (id, user_id) on delete cascade
      );
      create index account_of_user on account (user_id);

      create table holding (
        id uuid primary key,
        user_id uuid not null,
        account_id uuid not null,
        asset_id uuid not null references asset on delete cascade,
        balance numeric not null default 0,
        balance_at timestamptz,
        hidden boolean not null default false,
        missing_inflows boolean not null default false,
        created_at timestamptz not null default now(),
        unique (account_id, asset_id),
        unique (id, user_id),
        foreign key (account_id, user_id) references account (id, user_id) on delete cascade
      );
      create index holding_of_user on holding (user_id);

      create table transaction (
        id uuid primary key,
        user_id uuid not null,
        holding_id uuid not null,
        kind text not null check (kind in ('deposit', 'withdraw', 'transfer-in', 'transfer-out', 'buy', 'sell', 'dividend',
          'interest', 'reward', 'airdrop', 'fee', 'tax', 'adjustment', 'opening-balance')),
        quantity numeric not null,
        occurred_at timestamptz not null,
        price numeric check (price >= 0),
        price_asset_id uuid references asset,
        fee numeric check (fee >= 0),
        fee_asset_id uuid references asset,
        counterparty text,
        description text,
        transfer_group_id uuid,
        source text not null,
        external_id text not null,
        import_id uuid,
        raw jsonb,
        sequence bigint generated always as identity,
        recorded_at timestamptz not null default now(),
        unique (holding_id, source, external_id),
        check ((price is null) = (price_asset_id is null)),
        check ((fee is null) = (fee_asset_id is null)),
        foreign key (holding_id, user_id) references holding (id, user_id) on delete cascade
      );
      create index transaction_of_holding on transaction (holding_id, occurred_at, sequence);
      create index transaction_of_user on transaction (user_id, occurred_at, sequence);
      create unique index transaction_one_opening on transaction (holding_id) where kind = 'opening-balance';

      create table observation (
        id uuid primary key,
        user_id uuid not null,
        holding_id uuid not null,
        balance numeric not null,
        at timestamptz not null,
        source text not null,
        external_id text not null,
        import_id uuid,
        recorded_at timestamptz not null default now(),
        unique (holding_id, source, external_id),
        foreign key (holding_id, user_id) references holding (id, user_id) on delete cascade
      );
      create index observation_of_holding on observation (holding_id, at);

      create table groups (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        name text not null,
        created_at timestamptz not null default now(),
        unique (user_id, name),
        unique (id, user_id)
      );
      create table group_holding (
        group_id uuid not null,
        holding_id uuid not null,
        user_id uuid not null,
        primary key (group_id, holding_id),
        foreign key (group_id, user_id) references groups (id, user_id) on delete cascade,
        foreign key (holding_id, user_id) references holding (id, user_id) on delete cascade
      );
      create table group_account (
        group_id uuid not null,
        account_id uuid not null,
        user_id uuid not null,
        primary key (group_id, account_id),
        foreign key (group_id, user_id) references groups (id, user_id) on delete cascade,
        foreign key (account_id, user_id) references account (id, user_id) on delete cascade
      );
    `);
    // The only ways around: the link between two sides of a transfer, the one synthesised opening balance of a
    // holding, and the erasure of a whole user, which names that user for the length of its transaction.
    await db.query(`
      create function scani_append_only() returns trigger language plpgsql as $$
      begin
        if tg_op = 'TRUNCATE' then
          raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
        end if;
        if tg_op = 'DELETE' then
          if current_setting('scani.erasing_user', true) = old.user_id::text then return old; end if;
          if tg_table_name = 'transaction' then
            if old.kind = 'opening-balance' then return old; end if;
          end if;
        else
          if tg_table_name = 'transaction' then
            if to_jsonb(new) - 'transfer_group_id' = to_jsonb(old) - 'transfer_group_id' then return new; end if;
          end if;
        end if;
        raise exception '% is append-only: record a correction instead', tg_table_name using errcode = 'restrict_violation';
      end $$;

      create trigger transaction_append_only before update or delete on transaction
        for each row execute function scani_append_only();
      create trigger observation_append_only before update or delete on observation
        for each row execute function scani_append_only();
      create trigger transaction_no_truncate before truncate on transaction
        for each statement execute function scani_append_only();
      create trigger observation_no_truncate before truncate on observation
        for each statement execute function scani_append_only();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'drop table group_account, group_holding, groups, observation, transaction, holding, account, institution',
    );
    await db.query('drop function scani_append_only()');
  }
}
