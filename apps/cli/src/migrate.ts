import { connectionOf, databaseEnv, migrateUp, migrationEnv, type SchemaStatus, schemaStatus } from '@scani/database';
import { envOrExit } from '@scani/runtime';
import pg from 'pg';
import { VERSION } from './version.js';

/** Exit codes are part of the contract with pipelines. */
const CANNOT_CONNECT = 5;
const REFUSED_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  '28P01',
  '28000',
  '3D000',
  '57P03',
]);

export async function migrate(what: string, json: boolean): Promise<number> {
  const env = envOrExit([databaseEnv, migrationEnv]);
  const url = env.MIGRATION_DATABASE_URL ?? env.DATABASE_URL;
  try {
    if (what === 'status') return show(await statusOf(url), json);
    if (what !== 'up') throw new Error(`scani migrate ${what} is not known: use up or status`);
    return show(await migrateUp(url, VERSION, (line) => json || process.stdout.write(`${line}\n`)), json);
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (!REFUSED_CONNECTION.has(code)) throw error;
    process.stderr.write(`cannot connect to Postgres (${code}): check DATABASE_URL or MIGRATION_DATABASE_URL\n`);
    return CANNOT_CONNECT;
  }
}

async function statusOf(url: string): Promise<SchemaStatus> {
  const client = new pg.Client(connectionOf(url));
  await client.connect();
  try {
    return await schemaStatus(async (sql) => (await client.query(sql)).rows);
  } finally {
    await client.end();
  }
}

function show(status: SchemaStatus, json: boolean): number {
  const words = `schema ${status.current} of ${status.required}, ${status.pending} pending`;
  process.stdout.write(`${json ? JSON.stringify(status) : words}\n`);
  return 0;
}
