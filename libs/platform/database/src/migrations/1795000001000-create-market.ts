import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What things are and what they cost. A price stays in the currency it was quoted in. */
export class CreateMarket1795000001000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table asset (
        id uuid primary key,
        user_id uuid references users on delete cascade,
        symbol text not null,
        name text not null,
        kind text not null check (kind in ('fiat', 'crypto', 'stock', 'private', 'other')),
        market_segment text not null default '',
        decimals smallint not null check (decimals between 0 and 24),
        scam_probability numeric not null default 0 check (scam_probability between 0 and 1),
        created_at timestamptz not null default now(),
        unique nulls not distinct (user_id, symbol, kind, market_segment)
      );
      create index asset_by_symbol on asset (symbol);

      create table asset_identity (
        asset_id uuid not null references asset on delete cascade,
        provider text not null,
        external_id text not null,
        primary key (asset_id, provider),
        unique (provider, external_id)
      );

      create table price (
        id bigint generated always as identity primary key,
        asset_id uuid not null references asset on delete cascade,
        quote_asset_id uuid not null references asset on delete cascade,
        user_id uuid references users on delete cascade,
        at timestamptz not null,
        granularity text not null check (granularity in ('intraday', 'daily', 'exact')),
        value numeric not null check (value > 0),
        source text not null,
        recorded_at timestamptz not null default now(),
        check (asset_id <> quote_asset_id),
        unique nulls not distinct (asset_id, at, quote_asset_id, granularity, source, user_id)
      );

      -- Assets whose prices are kept up to date, how far back they are wanted and which days have been asked for.
      create table price_watch (
        asset_id uuid primary key references asset on delete cascade,
        wanted_from date not null,
        asked_from date,
        asked_to date,
        problem text
      );
    `);
    await db.query(`
      insert into asset (id, symbol, name, kind, decimals)
      select gen_random_uuid(), symbol, name, 'fiat', decimals
      from (values
        ('AED', 'UAE dirham', 2), ('ARS', 'Argentine peso', 2), ('AUD', 'Australian dollar', 2),
        ('BGN', 'Bulgarian lev', 2), ('BRL', 'Brazilian real', 2), ('CAD', 'Canadian dollar', 2),
        ('CHF', 'Swiss franc', 2), ('CLP', 'Chilean peso', 0), ('CNY', 'Chinese yuan', 2),
        ('COP', 'Colombian peso', 2), ('CZK', 'Czech koruna', 2), ('DKK', 'Danish krone', 2),
        ('EUR', 'Euro', 2), ('GBP', 'Pound sterling', 2), ('GEL', 'Georgian lari', 2),
        ('HKD', 'Hong Kong dollar', 2), ('HUF', 'Hungarian forint', 2), ('IDR', 'Indonesian rupiah', 2),
        ('ILS', 'Israeli new shekel', 2), ('INR', 'Indian rupee', 2), ('ISK', 'Icelandic króna', 0),
        ('JPY', 'Japanese yen', 0), ('KRW', 'South Korean won', 0), ('KZT', 'Kazakhstani tenge', 2),
        ('MXN', 'Mexican peso', 2), ('MYR', 'Malaysian ringgit', 2), ('NOK', 'Norwegian krone', 2),
        ('NZD', 'New Zealand dollar', 2), ('PHP', 'Philippine peso', 2), ('PLN', 'Polish złoty', 2),
        ('RON', 'Romanian leu', 2), ('RSD', 'Serbian dinar', 2), ('RUB', 'Russian rouble', 2),
        ('SAR', 'Saudi riyal', 2), ('SEK', 'Swedish krona', 2), ('SGD', 'Singapore dollar', 2),
        ('THB', 'Thai baht', 2), ('TRY', 'Turkish lira', 2), ('TWD', 'New Taiwan dollar', 2),
        ('UAH', 'Ukrainian hryvnia', 2), ('USD', 'US dollar', 2), ('VND', 'Vietnamese dong', 0),
        ('ZAR', 'South African rand', 2)
      ) as currency (symbol, name, decimals);

      insert into asset_identity (asset_id, provider, external_id)
      select id, 'currency', symbol from asset where kind = 'fiat';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table price_watch, price, asset_identity, asset');
  }
}
