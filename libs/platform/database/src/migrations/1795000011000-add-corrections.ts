import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Corrections are rows of their own, and what was said before stays to be read: "what did we say on that day?" */
export class AddCorrections1795000011000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table transaction add column reverses_id uuid references transaction on delete cascade;
      create unique index transaction_one_reversal on transaction (reverses_id) where reverses_id is not null;
      alter table observation add column retracts_id uuid references observation on delete cascade;
      create unique index observation_one_retraction on observation (retracts_id) where retracts_id is not null;
      create index transaction_of_import on transaction (import_id) where import_id is not null;
      create index observation_of_import on observation (import_id) where import_id is not null;

      alter table import drop constraint import_state_check;
      alter table import add constraint import_state_check check (state in ('waiting', 'reading', 'needs-mapping',
        'to-review', 'recording', 'recorded', 'failed', 'discarded', 'undoing', 'undone'));

      -- Prices that were replaced or taken back, for as long as somebody may ask what was said then.
      create table price_former (
        id bigint generated always as identity primary key,
        asset_id uuid not null references asset on delete cascade,
        quote_asset_id uuid not null references asset on delete cascade,
        user_id uuid references users on delete cascade,
        at timestamptz not null,
        granularity text not null,
        value numeric not null,
        source text not null,
        recorded_at timestamptz not null,
        replaced_at timestamptz not null default now()
      );
      create index price_former_of_asset on price_former (asset_id, quote_asset_id, at);

      create function scani_keep_former_price() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' then
          if new.value = old.value then return new; end if;
        elsif old.user_id is null then
          -- What providers said within a day is thinned out once it is old; its close stays.
          return old;
        elsif not exists (select 1 from asset where id = old.asset_id)
           or not exists (select 1 from asset where id = old.quote_asset_id)
           or not exists (select 1 from users where id = old.user_id) then
          return old;
        end if;
        insert into price_former (asset_id, quote_asset_id, user_id, at, granularity, value, source, recorded_at)
        values (old.asset_id, old.quote_asset_id, old.user_id, old.at, old.granularity, old.value, old.source, old.recorded_at);
        return case when tg_op = 'DELETE' then old else new end;
      end $$;
      create trigger price_keep_former before update or delete on price
        for each row execute function scani_keep_former_price();

      -- What the ledger of a holding came to up to a row, so that a later look can tell whether it still does.
      create table ledger_digest (
        user_id uuid not null references users on delete cascade,
        holding_id uuid not null,
        rows int not null,
        up_to timestamptz not null,
        digest text not null,
        taken_at timestamptz not null default now(),
        primary key (holding_id),
        foreign key (holding_id, user_id) references holding (id, user_id) on delete cascade
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table ledger_digest;
      drop trigger price_keep_former on price;
      drop function scani_keep_former_price();
      drop table price_former;
      alter table import drop constraint import_state_check;
      alter table import add constraint import_state_check check (state in ('waiting', 'reading', 'needs-mapping',
        'to-review', 'recording', 'recorded', 'failed', 'discarded'));
      drop index transaction_of_import, observation_of_import;
      alter table observation drop column retracts_id;
      alter table transaction drop column reverses_id;
    `);
  }
}
