import { connectionOf, type Db } from '@scani/database';
import { TLSSocket } from 'node:tls';
import pg from 'pg';

const CONNECT_MS = 5_000;
const QUERY_MS = 5_000;

/** One connection that all examinations of Postgres share. */
export interface PostgresSession {
  db: Db;
  rows<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
  encrypted: boolean;
  /** Who answers is not the one who speaks: a pooler gives out process numbers of its own. */
  throughPooler: boolean;
  close(): Promise<void>;
}

/** Throws what node-pg throws; its `code` tells the cause. */
export async function openPostgres(url: string): Promise<PostgresSession> {
  const client = new pg.Client({
    ...connectionOf(url),
    application_name: 'scani-doctor',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
  });
  // A server that goes away meanwhile is a finding, not the end of the process.
  client.on('error', () => undefined);
  await client.connect();
  let last: Promise<unknown> = Promise.resolve();
  // One after the other: a connection does one thing at a time.
  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> => {
    const turn = last.then(async () => (await client.query(sql, parameters)).rows as T[]);
    last = turn.catch(() => undefined);
    return turn;
  };
  const inside = client as unknown as { processID: number | null; connection: { stream: unknown } };
  const [backend] = await rows<{ pid: number }>('select pg_backend_pid() as pid');
  return {
    db: { query: (sql: string, parameters?: unknown[]) => rows(sql, parameters) } as Db,
    rows,
    encrypted: inside.connection.stream instanceof TLSSocket,
    throughPooler: backend !== undefined && inside.processID !== null && inside.processID !== backend.pid,
    close: () => client.end(),
  };
}
