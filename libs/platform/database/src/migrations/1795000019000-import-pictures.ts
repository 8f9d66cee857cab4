import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pictures of positions and statements as PDF are imported too; what leaves the server for it leaves with its owner's consent. */
export class ImportPictures1795000019000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table import drop constraint import_format_check;
      alter table import add constraint import_format_check check (format in ('csv', 'revolut-csv', 'ofx', 'pdf', 'screenshot'));
      -- When its owner agreed that what is in the file is sent to the data-provider.
      alter table import add column consented_at timestamptz;
      -- Of a picture: the instant at which what it shows was so.
      alter table import add column seen_at timestamptz;
      -- What else there is to know about the whole of what was read.
      alter table import add column notes text[] not null default '{}';

      create table import_position (
        import_id uuid not null references import on delete cascade,
        ordinal int not null,
        -- As it was read: name, symbol, amounts as they are written and as we read them, doubts, candidates.
        seen jsonb not null,
        -- What its owner says it is; where both are there and it is included, it will be recorded.
        asset_id uuid references asset on delete set null,
        quantity numeric,
        included boolean not null default true,
        primary key (import_id, ordinal)
      );
      create index import_position_of_asset on import_position (asset_id) where asset_id is not null;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table import_position;
      alter table import drop column consented_at, drop column seen_at, drop column notes;
      alter table import drop constraint import_format_check;
      -- What came of them stays, and what kind of file it was is not known any more.
      update import set format = null where format in ('pdf', 'screenshot');
      alter table import add constraint import_format_check check (format in ('csv', 'revolut-csv', 'ofx'));
    `);
  }
}
