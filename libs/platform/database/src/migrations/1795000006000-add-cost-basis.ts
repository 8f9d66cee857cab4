import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which units count as sold is a setting of the person. */
export class AddCostBasis1795000006000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table users add column cost_basis_method text not null default 'fifo'
        check (cost_basis_method in ('fifo', 'lifo', 'hifo', 'average', 'section-104'))
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table users drop column cost_basis_method');
  }
}
