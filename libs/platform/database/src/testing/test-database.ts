import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { type DataSource } from 'typeorm';
import { createDataSource, type DataSourceSettings } from '../data-source.js';
import { migrateUp } from '../migrate/migrate.js';
import { migrations } from '../migrations/index.js';

// Named for what the migrations say, so that an edited one makes a new template.
const TEMPLATE = `scani_template_${createHash('sha256').update(migrations.map(String).join()).digest('hex').slice(0, 12)}`;
const TEMPLATE_LOCK = 7_264_002;

function urlOf(name: string): string {
  const base = process.env['TEST_DATABASE_URL'];
  if (!base) throw new Error('TEST_DATABASE_URL is not set: run these tests with `npm test`, which starts the servers');
  const url = new URL(base);
  url.pathname = `/${name}`;
  return url.toString();
}

async function asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  url: string;
  source: DataSource;
  drop(): Promise<void>;
}

/** A migrated database of one's own, cloned from a template that the first caller makes. */
export async function testDatabase(entities: DataSourceSettings['entities'] = []): Promise<TestDatabase> {
  const name = `scani_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const made = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
    if (made.rowCount === 0) {
      // One that failed half-way, perhaps.
      await client.query(`drop database if exists ${TEMPLATE}_new`);
      await client.query(`create database ${TEMPLATE}_new`);
      await migrateUp({ url: urlOf(`${TEMPLATE}_new`), appliedBy: 'test', say: () => {} });
      await client.query(`alter database ${TEMPLATE}_new rename to ${TEMPLATE}`);
    }
    await client.query(`create database ${name} template ${TEMPLATE}`);
  });
  const url = urlOf(name);
  const source = await createDataSource({ url, poolMax: 5, applicationName: 'scani-test', entities }).initialize();
  return {
    url,
    source,
    drop: async () => {
      if (source.isInitialized) await source.destroy();
      await asAdmin(async (client) => {
        // Not `with (force)`: that may not end an autovacuum, which a plain drop ends by itself.
        await client.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = current_user',
          [name],
        );
        await client.query(`drop database ${name}`);
      });
    },
  };
}

/** Every id (uuid) that stands in any table, once. */
export async function everyId(source: DataSource): Promise<string[]> {
  const columns: { table: string; column: string }[] = await source.query(
    `select c.table_name as table, c.column_name as column from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = current_schema() and c.data_type = 'uuid' and t.table_type = 'BASE TABLE'`,
  );
  const found = await Promise.all(
    columns.map(
      ({ table, column }) =>
        source.query(`select "${column}"::text as id from "${table}" where "${column}" is not null`) as Promise<
          { id: string }[]
        >,
    ),
  );
  return [...new Set(found.flat().map(({ id }) => id))];
}
