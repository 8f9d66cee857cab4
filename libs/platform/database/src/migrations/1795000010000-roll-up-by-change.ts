import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the rollup needs to follow a change without being built anew, and the money that went in and out a day. */
export class RollUpByChange1795000010000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // The rows are a cache, and those of before lack the flags: they are built again.
    await db.query(`
      truncate rollup;
      update rollup_state set built_at = null;
      -- The first day of all, and the assets in which something was paid: a new price of theirs moves money.
      alter table rollup_state drop column wanted_at, add column built_from date,
        add column money_assets uuid[] not null default '{}';
      -- Of holdings the flags, of the scopes above them the counts that their coverage follows from.
      -- The scope first: half a million rows are copied in at once, and what differs soon is found soonest.
      alter table rollup drop constraint rollup_pkey, add primary key (user_id, scope_id, base_currency, day, scope);
      alter table rollup add column flags smallint not null default 0, add column currency_effect numeric,
        add column parts smallint, add column known smallint, add column unpriceable smallint,
        add column stale smallint, add column before_records smallint;

      -- Only days on which there was any. No foreign key, as with the rollup itself.
      create table rollup_money (
        user_id uuid not null,
        base_currency text not null,
        scope text not null check (scope in ('user', 'institution', 'account', 'holding')),
        scope_id uuid not null,
        day date not null,
        flow numeric not null,
        priced numeric not null,
        income numeric not null,
        costs numeric not null,
        primary key (user_id, scope_id, base_currency, day, scope)
      );

      -- What changed since the figures were last worked out: of a holding (of all when null), from a day on (from the
      -- beginning when null).
      create table evidence_change (
        id bigint generated always as identity primary key,
        user_id uuid not null references users on delete cascade,
        holding_id uuid,
        from_day date,
        noted_at timestamptz not null default now()
      );
      create index evidence_change_of_user on evidence_change (user_id);

      -- The last price of each pair before an instant, without reading those of years.
      create index price_of_pair on price (asset_id, quote_asset_id, granularity, at);
    `);
    // Links between transactions are the one thing of the ledger that is changed in place, by several: whoever does it,
    // the money of all entries of the group moves.
    await db.query(`
      create function scani_note_link() returns trigger language plpgsql as $$
      begin
        insert into evidence_change (user_id, holding_id, from_day)
        select entry.user_id, entry.holding_id, (min(entry.occurred_at) at time zone 'utc')::date
        from transaction as entry
        where entry.id in (select id from link_new)
           or entry.transfer_group_id in (select transfer_group_id from link_new union select transfer_group_id from link_old)
        group by entry.user_id, entry.holding_id;
        return null;
      end $$;
      create trigger transaction_note_link after update on transaction
        referencing old table as link_old new table as link_new
        for each statement execute function scani_note_link();

      create function scani_note_verdict() returns trigger language plpgsql as $$
      begin
        insert into evidence_change (user_id, holding_id, from_day)
        select entry.user_id, entry.holding_id, (min(entry.occurred_at) at time zone 'utc')::date
        from transaction as entry where entry.transfer_group_id = new.id group by entry.user_id, entry.holding_id;
        return null;
      end $$;
      create trigger transfer_group_note_verdict after update of verdict on transfer_group
        for each row when (new.verdict <> old.verdict) execute function scani_note_verdict();
    `);
    await this.noteOwnPrices(db);
  }

  /** A price of one's own: from its day on, and from the beginning where it is the first (or was the only) one. */
  private async noteOwnPrices(db: QueryRunner): Promise<void> {
    await db.query(`
      create function scani_note_own_price() returns trigger language plpgsql as $$
      declare
        one price := case when tg_op = 'DELETE' then old else new end;
        first_day date := (one.at at time zone 'utc')::date;
      begin
        if not exists (select 1 from users where id = one.user_id) then return null; end if;
        if not exists (select 1 from price where asset_id = one.asset_id and id <> one.id
                       and (user_id is null or user_id = one.user_id)) then
          first_day := null;
        end if;
        insert into evidence_change (user_id, holding_id, from_day)
        select one.user_id, holding.id, first_day from holding
        where holding.user_id = one.user_id and (holding.asset_id = one.asset_id or exists (
          select 1 from price where price.asset_id = holding.asset_id and price.quote_asset_id = one.asset_id));
        if exists (select 1 from asset where id = one.asset_id and (kind = 'fiat' or symbol = 'USDT' and user_id is null))
           or exists (select 1 from rollup_state where user_id = one.user_id and one.asset_id = any(money_assets)) then
          insert into evidence_change (user_id, holding_id, from_day) values (one.user_id, null, first_day);
        end if;
        return null;
      end $$;
      create trigger price_note_inserted after insert on price for each row when (new.user_id is not null)
        execute function scani_note_own_price();
      create trigger price_note_updated after update on price for each row when (new.user_id is not null)
        execute function scani_note_own_price();
      create trigger price_note_deleted after delete on price for each row when (old.user_id is not null)
        execute function scani_note_own_price();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger price_note_inserted on price;
      drop trigger price_note_updated on price;
      drop trigger price_note_deleted on price;
      drop function scani_note_own_price();
      drop trigger transfer_group_note_verdict on transfer_group;
      drop function scani_note_verdict();
      drop trigger transaction_note_link on transaction;
      drop function scani_note_link();
      drop index price_of_pair;
      drop table evidence_change, rollup_money;
      alter table rollup drop constraint rollup_pkey, add primary key (user_id, base_currency, scope, scope_id, day);
      alter table rollup drop column flags, drop column currency_effect, drop column parts, drop column known,
        drop column unpriceable, drop column stale, drop column before_records;
      alter table rollup_state drop column built_from, drop column money_assets, add column wanted_at timestamptz not null default now();
    `);
  }
}
