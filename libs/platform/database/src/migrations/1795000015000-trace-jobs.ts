import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A job knows the trace in which it was asked for, where traces are on. */
export class TraceJobs1795000015000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table job add column traceparent text');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table job drop column traceparent');
  }
}
