import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The SQL that a migration sends, without a database: none of them reads what it is told. */
export async function sqlOf(migration: MigrationInterface): Promise<string[]> {
  const sent: string[] = [];
  const recorder = {
    query: (sql: string, parameters?: unknown[]): Promise<unknown[]> => {
      sent.push(parameters ? `${sql} -- ${JSON.stringify(parameters)}` : sql);
      return Promise.resolve([]);
    },
  };
  await migration.up(recorder as unknown as QueryRunner);
  return sent;
}

/** SHA-256 in hex over the SQL of a migration; white space makes no difference. */
export async function checksumOf(migration: MigrationInterface): Promise<string> {
  const sent = await sqlOf(migration);
  const text = sent.map((sql) => sql.replaceAll(/\s+/g, ' ').trim()).join('\n');
  return createHash('sha256').update(text).digest('hex');
}
