import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A text sealed with the installation's key, so that another key is noticed at boot. Rows are added, never changed. */
export class KeepCanary1795000014000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table key_canary (
        number int primary key check (number > 0),
        fingerprint text not null,
        sealed text not null,
        stored_at timestamptz not null default now()
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table key_canary');
  }
}
