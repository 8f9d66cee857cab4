import { REQUIRED_SCHEMA } from '../migrations/index.js';

export interface SchemaStatus {
  /** Migrations applied; 0 for an empty database. */
  current: number;
  /** Migrations that this build knows. */
  required: number;
  /** The oldest build that can still work with this schema. */
  floor: number;
  pending: number;
  /** Applied by a newer build. */
  ahead: number;
}

/** Whether a build of this version is ready on such a schema: never equality, so that older and newer builds run side by side. */
export function schemaFits({ current, pending, floor, required }: SchemaStatus): boolean {
  return current > 0 && pending === 0 && floor <= required;
}

/** Where the schema stands. Works on an empty database too. */
export async function schemaStatus(query: (sql: string) => Promise<unknown>): Promise<SchemaStatus> {
  const [table] = (await query(`select to_regclass('scani_schema_meta') is not null as there`)) as { there: boolean }[];
  const [meta] = table?.there
    ? ((await query('select current, floor from scani_schema_meta')) as { current: number; floor: number }[])
    : [];
  const current = meta?.current ?? 0;
  return {
    current,
    required: REQUIRED_SCHEMA,
    floor: meta?.floor ?? 0,
    pending: Math.max(0, REQUIRED_SCHEMA - current),
    ahead: Math.max(0, current - REQUIRED_SCHEMA),
  };
}
