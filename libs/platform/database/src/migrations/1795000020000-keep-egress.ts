import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every call that left for somebody else's server: where to, what for and how much, and nothing of what was said. */
export class KeepEgress1795000020000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table egress (
        -- Of the stream that it came through, so that it is kept once however often it is read there.
        id text primary key,
        at timestamptz not null,
        process text not null,
        host text not null,
        purpose text not null,
        status int,
        sent_bytes bigint not null,
        received_bytes bigint not null,
        ms int not null,
        -- Null: for everybody here. So calls of a person who is erased go too, or they would become everybody's.
        user_id uuid references users on delete cascade,
        -- A pseudonym of the issued key that it was made for.
        key text,
        -- US dollars.
        cost numeric
      );
      create index egress_by_time on egress (at, id);
      create index egress_of_user on egress (user_id, at, id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table egress');
  }
}
