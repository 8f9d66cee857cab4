import { isPooled, schemaStatus } from '@scani/database';
import { isIP } from 'node:net';
import type { DoctorEnv } from './doctor.env.js';
import { type Diagnosis, type Examination, fail, messageOf, ok, skipped, warn } from './examination.js';
import type { PostgresSession } from './postgres.session.js';

type DatabaseEnv = NonNullable<DoctorEnv['database']>;
export type Session = () => Promise<PostgresSession>;

const OLDEST = 160_000;
const POOLED_MAX = 10;
const FULL = 0.8;

/** Each needs the connection; where there is none, `postgres` says so and the others are skipped. */
export function postgresExaminations(env: DatabaseEnv, session: Session): Examination[] {
  const on = (name: string, look: (session: PostgresSession) => Promise<Diagnosis> | Diagnosis): Examination => ({
    name,
    run: async () => {
      const open = await session().catch(() => undefined);
      return open ? look(open) : skipped('Postgres cannot be used, so this could not be looked at.');
    },
  });
  return [
    { name: 'postgres', run: () => reachable(session) },
    on('postgres-role', (open) => role(open, env)),
    on('postgres-tls', (open) => tls(open, env)),
    on('postgres-pooler', (open) => pooler(open, env)),
    on('postgres-connections', (open) => connections(open, env)),
    on('schema', schema),
  ];
}

const REMEDIES: Readonly<Record<string, string>> = {
  '28P01': 'The password in DATABASE_URL is wrong. Special characters in it are written as %XX.',
  '28000':
    'The server does not let this user in: check the user in DATABASE_URL, pg_hba.conf and whether TLS is asked for.',
  '3D000': 'The database named in DATABASE_URL does not exist: create it, owned by the user of DATABASE_URL.',
  ECONNREFUSED: 'Nobody listens there: check host and port in DATABASE_URL, and whether Postgres runs.',
  ENOTFOUND: 'The host in DATABASE_URL has no address: check its name, and DNS.',
  EAI_AGAIN: 'The host in DATABASE_URL has no address: check its name, and DNS.',
};

/** OpenSSL's names for a certificate that is not believed, as node passes them on. */
const NOT_BELIEVED = /CERT|SIGNATURE/;
const BELIEVE =
  'Name the CA of the server in DATABASE_URL (sslrootcert=/path/ca.pem), and the server as its certificate does; sslmode=require encrypts without asking.';

function remedyFor(code: string): string {
  if (NOT_BELIEVED.test(code)) return BELIEVE;
  return REMEDIES[code] ?? 'Check DATABASE_URL, its sslmode, and the way from here to the server.';
}

async function reachable(session: Session): Promise<Diagnosis> {
  let open: PostgresSession;
  try {
    open = await session();
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    return fail(`Postgres cannot be used: ${messageOf(error)}`, remedyFor(code), code ? { code } : undefined);
  }
  const [row] = await open.rows<{ number: string; version: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as version`,
  );
  const facts = { version: row?.version };
  return Number(row?.number) >= OLDEST
    ? ok(`Postgres ${row?.version} answers.`, facts)
    : fail(`Postgres ${row?.version} is too old.`, 'Scani needs Postgres 16 or newer.', facts);
}

async function role({ rows }: PostgresSession, env: DatabaseEnv): Promise<Diagnosis> {
  const [row] = await rows<{ name: string; superuser: boolean; creates: boolean; foreign_tables: number }>(
    `select current_user as name, rolsuper as superuser,
       coalesce(has_schema_privilege(current_schema(), 'create'), false) as creates,
       (select count(*)::int from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where nspname = current_schema() and relkind in ('r', 'p') and not pg_has_role(relowner, 'usage')) as foreign_tables
     from pg_roles where rolname = current_user`,
  );
  if (!row) return fail('The role is not to be seen in pg_roles.', 'Check the user in DATABASE_URL.');
  const facts = { role: row.name, superuser: row.superuser, creates: row.creates, foreignTables: row.foreign_tables };
  if (row.superuser) {
    return warn(
      `${row.name} is a superuser.`,
      'Scani needs none of that: use a role that owns its database alone.',
      facts,
    );
  }
  // Who migrates owns; the services then only need to read and write.
  if (env.MIGRATION_DATABASE_URL) return ok(`${row.name} serves; MIGRATION_DATABASE_URL migrates.`, facts);
  if (!row.creates || row.foreign_tables > 0) {
    return fail(
      row.creates
        ? `${row.foreign_tables} tables belong to another role than ${row.name}.`
        : `${row.name} may not create tables.`,
      'Migrations need the owner: "alter database … owner to …" and "reassign owned", or set MIGRATION_DATABASE_URL.',
      facts,
    );
  }
  return ok(`${row.name} is no superuser and may do what migrations need.`, facts);
}

function tls({ encrypted }: PostgresSession, env: DatabaseEnv): Diagnosis {
  const url = new URL(env.DATABASE_URL);
  const mode = url.searchParams.get('sslmode') ?? 'disable';
  const verifies = mode.startsWith('verify') || url.searchParams.has('sslrootcert');
  const facts = { sslmode: mode, encrypted, verified: encrypted && verifies };
  if (encrypted && verifies) return ok('The connection is encrypted, and the server proves who it is.', facts);
  if (encrypted) {
    return ok(`The connection is encrypted; sslmode=${mode} does not ask who the server is.`, facts);
  }
  if (isNear(url.hostname))
    return ok('The connection is not encrypted, and stays within this machine or network.', facts);
  return warn(
    'The connection is not encrypted, and the server is not on a private address.',
    'Add ?sslmode=verify-full&sslrootcert=… to DATABASE_URL, or at least ?sslmode=require.',
    facts,
  );
}

/** Loopback, private ranges (RFC 1918, RFC 4193), sockets, and names without a dot, which only a private network has. */
export function isNear(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 4) return /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(bare);
  if (isIP(bare) === 6) return /^(?:::1$|f[cd])/i.test(bare);
  return !bare.includes('.') || /\.(?:local|internal|localdomain|svc)$/.test(bare);
}

function pooler({ throughPooler }: PostgresSession, env: DatabaseEnv): Diagnosis {
  const said = isPooled(env.DATABASE_URL);
  const direct = env.MIGRATION_DATABASE_URL;
  const facts = {
    pgbouncer: said,
    pooler: throughPooler,
    poolMax: env.POSTGRES_POOL_MAX,
    migrationUrl: Boolean(direct),
  };
  if (!said && !throughPooler) return ok('The connection is direct: every feature of a session works.', facts);
  if (!said) {
    return warn(
      'The connection goes through a pooler, which DATABASE_URL does not say.',
      'Add ?pgbouncer=true to DATABASE_URL and set MIGRATION_DATABASE_URL to a direct URL.',
      facts,
    );
  }
  if (!direct || isPooled(direct)) {
    return fail(
      'DATABASE_URL goes through a pooler, and there is no direct URL for migrations, which need a session.',
      'Set MIGRATION_DATABASE_URL to a URL without pgbouncer=true.',
      facts,
    );
  }
  if (env.POSTGRES_POOL_MAX > POOLED_MAX) {
    return warn(
      `POSTGRES_POOL_MAX=${env.POSTGRES_POOL_MAX} is more than a process needs in front of a pooler.`,
      'Set POSTGRES_POOL_MAX=5: the pooler shares its connections among all.',
      facts,
    );
  }
  return ok('DATABASE_URL goes through a pooler, migrations go directly.', facts);
}

async function connections(open: PostgresSession, env: DatabaseEnv): Promise<Diagnosis> {
  if (isPooled(env.DATABASE_URL) || open.throughPooler)
    return skipped('The pooler decides how many connections there are.');
  const [row] = await open.rows<{ most: number; used: number }>(
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
       (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used`,
  );
  const processes = await liveProcesses(open);
  const wanted = processes * env.POSTGRES_POOL_MAX + 1;
  const { most = 0, used = 0 } = row ?? {};
  const facts = { most, used, processes, poolMax: env.POSTGRES_POOL_MAX, wanted };
  const remedy = 'Lower POSTGRES_POOL_MAX, raise max_connections of the server, or put a pooler in front of it.';
  if (used > most * FULL) return warn(`${used} of ${most} connections are taken.`, remedy, facts);
  if (wanted > most) {
    return warn(
      `${processes} processes may take ${wanted} connections together; the server gives ${most}.`,
      remedy,
      facts,
    );
  }
  return ok(`${used} of ${most} connections are taken; ${processes} processes may take ${wanted}.`, facts);
}

/** An api and a worker, or as many as were heard of within 90 s. */
async function liveProcesses({ rows }: PostgresSession): Promise<number> {
  const [table] = await rows<{ there: boolean }>(`select to_regclass('scani_instances') is not null as there`);
  if (!table?.there) return 2;
  const [row] = await rows<{ live: number }>(
    `select count(*)::int as live from scani_instances where last_seen_at > now() - interval '90 seconds'`,
  );
  return Math.max(2, row?.live ?? 0);
}

async function schema({ rows }: PostgresSession): Promise<Diagnosis> {
  const status = await schemaStatus((sql) => rows(sql));
  const facts = { ...status };
  if (status.current === 0) return fail('The schema is missing.', 'Run "scani migrate up".', facts);
  if (status.pending > 0) return fail(`${status.pending} migrations are pending.`, 'Run "scani migrate up".', facts);
  if (status.floor > status.required) {
    return fail(
      'The schema is too new for this build.',
      'Use images of the tag that migrated it, or restore a backup.',
      facts,
    );
  }
  const ahead = status.ahead > 0 ? ` A newer build has added ${status.ahead}, which this one can live with.` : '';
  return ok(`All ${status.required} migrations are applied.${ahead}`, facts);
}
