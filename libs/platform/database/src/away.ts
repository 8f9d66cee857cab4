import { Unavailable } from '@scani/runtime';

const RETRY_SECONDS = 5;

/** Of Node's sockets: nobody answers at that address. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/**
 * Of Postgres: shut down by an operator or after a crash, starting, too many connections, a standby that takes no writes
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html); class 08 is a lost connection, also a pooler's.
 */
const NOT_NOW = new Set(['57P01', '57P02', '57P03', '53300', '25006']);
/** What node-pg and TypeORM say without a code. */
const SAID =
  /^Connection terminated|timeout exceeded when trying to connect|^Driver not Connected|is not queryable|^Client was closed/;
/** Of Postgres: not this user, not this password, no such database. */
const NOT_LET_IN = new Set(['28P01', '28000', '3D000']);
const NO_TLS = 'does not support SSL';
/** Of Node's TLS: the certificate, or who made it, is not what was asked for. */
const CERTIFICATE = /^(?:SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

/** A query had no answer in its time; the connection was given up. */
export class QueryTimeout extends Error {
  constructor(limitMs: number) {
    super(`Postgres did not answer within ${limitMs} ms`);
    this.name = 'QueryTimeout';
  }
}

/** Whether there was no way in at all: nobody there, or not for this user, database or certificate. */
export function cannotConnect(error: unknown): boolean {
  const inner = driverError(error);
  const said = inner instanceof Error ? inner.message : '';
  return isAway(inner) || NOT_LET_IN.has(codeOf(inner) ?? '') || said.includes(NO_TLS);
}

/** The refusal for a request that failed since the database is away; undefined for what is a fault of the request or ours. */
export function databaseAway(error: unknown): Unavailable | undefined {
  if (!isAway(driverError(error))) return undefined;
  return new Unavailable(
    'database-away',
    'The database cannot be reached at the moment. Try again in a moment.',
    RETRY_SECONDS,
  );
}

/** Why Postgres cannot be used, and which part of `setting` that concerns. Nothing secret is in it. */
export function connectionTrouble(error: unknown, setting = 'DATABASE_URL'): string {
  const inner = driverError(error);
  const code = codeOf(inner) ?? '';
  const said = inner instanceof Error ? inner.message : String(inner);
  if (CERTIFICATE.test(code)) {
    return `the certificate of Postgres was refused (${code}): sslrootcert in ${setting} must name the CA that made it, and its host the name that it is for`;
  }
  if (said.includes(NO_TLS)) return `the server speaks no TLS, which sslmode in ${setting} asks for`;
  if (code === '28000' && /no encryption|SSL off/i.test(said))
    return `the server wants TLS (${code}): add ?sslmode=require to ${setting}`;
  if (code === '28P01' || code === '28000')
    return `the server refuses the user or the password in ${setting} (${code})`;
  if (code === '3D000') return `there is no such database on the server: check the name in ${setting} (${code})`;
  return `Postgres cannot be reached (${code || said}): check ${setting}`;
}

function isAway(error: unknown): boolean {
  const code = codeOf(error);
  if (error instanceof QueryTimeout) return true;
  if (code === undefined) return error instanceof Error && SAID.test(error.message);
  return NETWORK.has(code) || NOT_NOW.has(code) || code.startsWith('08') || CERTIFICATE.test(code);
}

/** TypeORM wraps what the driver threw; Node collects what every address of a name answered. */
function driverError(error: unknown): unknown {
  const wrapped = (error as { driverError?: unknown } | null)?.driverError;
  if (wrapped !== undefined && wrapped !== error) return driverError(wrapped);
  if (error instanceof AggregateError && error.errors.length > 0) return driverError(error.errors[0]);
  return error;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
