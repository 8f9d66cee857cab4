import type { CheckResult, ReadinessCheck } from '@scani/runtime';
import type { DataSource } from 'typeorm';
import { connectionTrouble } from './away.js';
import { startTrouble } from './database.start.js';
import { schemaStatus } from './migrate/schema.status.js';

const TRUST_OK_MS = 30_000;
const TRUST_BAD_MS = 1_000;

/** Ready only on a schema that this build can work with: at least what it needs, and not past what it understands. */
export class SchemaGate implements ReadinessCheck {
  readonly name = 'schema';
  private last: { result: CheckResult; until: number } | undefined;

  constructor(private readonly source: DataSource) {}

  async check(): Promise<CheckResult> {
    if (this.last && Date.now() < this.last.until) return this.last.result;
    const result = await this.look();
    this.last = { result, until: Date.now() + (result.state === 'ok' ? TRUST_OK_MS : TRUST_BAD_MS) };
    return result;
  }

  private async look(): Promise<CheckResult> {
    const status = await schemaStatus((sql) => this.source.query(sql));
    const down = (schema: string, what: string): CheckResult => ({
      state: 'down',
      detail: `${schema}: ${what}`,
      facts: { schema, ...status },
    });
    if (status.current === 0) return down('schema_missing', 'run the migrations (scani migrate up)');
    if (status.pending > 0) return down('schema_behind', `${status.pending} migrations are pending (scani migrate up)`);
    if (status.floor > status.required) {
      return down('schema_floor', `this build needs schema ${status.required}, the database allows ${status.floor} on`);
    }
    return { state: 'ok', facts: { schema: status.ahead > 0 ? 'ahead' : 'ok', ...status } };
  }
}

/** Postgres answers. */
export class PostgresCheck implements ReadinessCheck {
  readonly name = 'postgres';
  constructor(private readonly source: DataSource) {}

  async check(): Promise<CheckResult> {
    try {
      await this.source.query('select 1');
      return { state: 'ok' };
    } catch (error) {
      return { state: 'down', detail: startTrouble(this.source) ?? connectionTrouble(error) };
    }
  }
}
