import type { EntityManager } from 'typeorm';

/** Anything that runs SQL: a DataSource, or the EntityManager of a caller's transaction. */
export type Db = Pick<EntityManager, 'query'>;

/** The rows of a query, typed by the caller who wrote the SQL. */
export async function rowsOf<T>(db: Db, sql: string, parameters: unknown[] = []): Promise<T[]> {
  const result: unknown = await db.query(sql, parameters as never);
  // TypeORM answers UPDATE and DELETE with [rows, count], everything else with the rows.
  const pair =
    Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
  return (pair ? (result as [T[], number])[0] : result) as T[];
}

/** The first row, or undefined. */
export async function rowOf<T>(db: Db, sql: string, parameters: unknown[] = []): Promise<T | undefined> {
  return (await rowsOf<T>(db, sql, parameters))[0];
}
