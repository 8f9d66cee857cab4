import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Answer, Person } from './person.ts';
import type { Running } from './product.ts';

export interface Seen {
  /** Milliseconds on the clock of `performance`. */
  at: number;
  kind: 'read' | 'write';
  status: number;
  code: string;
  ms: number;
}

const READ_EVERY_MS = 150;
const WRITE_EVERY_MS = 250;
const LOOK_EVERY_MS = 500;
const AGAIN_MS = 300;

/** People at work: two that look, one that enters things and insists until each is taken. */
export class Load {
  readonly seen: Seen[] = [];
  /** What was meant to be written, by its words. */
  readonly meant: string[] = [];
  /** Looks at /livez that were not 200. */
  readonly dead: string[] = [];
  looks = 0;
  private on = true;
  private readonly running: Promise<void>[] = [];
  private readonly who: Person;
  private readonly holding: string;

  constructor(who: Person, holding: string) {
    this.who = who;
    this.holding = holding;
  }

  start(processes: () => readonly Running[]): void {
    const read = (path: string) => this.loop(READ_EVERY_MS, () => this.note('read', this.who.get(path)));
    this.running.push(read('/api/portfolio/summary'), read(`/api/holdings/${this.holding}/transactions?limit=20`));
    this.running.push(this.loop(WRITE_EVERY_MS, () => this.write()));
    this.running.push(this.loop(LOOK_EVERY_MS, () => this.look(processes())));
  }

  async stop(): Promise<void> {
    this.on = false;
    await Promise.all(this.running);
  }

  private async loop(everyMs: number, work: () => Promise<unknown>): Promise<void> {
    while (this.on) {
      await work();
      await pause(everyMs);
    }
  }

  private async note(kind: Seen['kind'], asked: Promise<Answer<object>>): Promise<Answer<object>> {
    const at = performance.now();
    const answer = await asked;
    this.seen.push({
      at,
      kind,
      status: answer.status,
      code: answer.body.code ?? answer.text.slice(0, 60),
      ms: answer.ms,
    });
    return answer;
  }

  /** Sent again under its key until it is taken, as a page does that was told to try again. */
  private async write(): Promise<void> {
    const description = `verify ${this.meant.length}`;
    const body = { kind: 'deposit', quantity: '1', occurredAt: new Date(Date.now() - 36e5).toISOString(), description };
    const key = { 'idempotency-key': randomUUID() };
    this.meant.push(description);
    for (;;) {
      const path = `/api/holdings/${this.holding}/transactions`;
      const { status } = await this.note('write', this.who.ask('POST', path, body, key));
      if (status === 201) return;
      await pause(AGAIN_MS);
    }
  }

  private async look(processes: readonly Running[]): Promise<void> {
    for (const one of processes.filter(({ server }) => server.running)) {
      this.looks += 1;
      const { status } = await one.probe('/livez');
      if (status !== 200 && one.server.running) this.dead.push(`${one.server.name} ${status}`);
    }
  }
}

/** What of it the ledger has: everything once, nothing twice. */
export async function inLedger(
  url: string,
  meant: readonly string[],
): Promise<{ missing: string[]; doubled: string[] }> {
  const rows = await ask<{ description: string; count: number }>(
    url,
    `select description, count(*)::int as count from transaction where description like 'verify %' group by 1`,
  );
  const counts = new Map(rows.map(({ description, count }) => [description, count]));
  return {
    missing: meant.filter((one) => !counts.has(one)),
    doubled: rows.filter(({ count }) => count > 1).map(({ description }) => description),
  };
}

export async function ask<T>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as T[];
  } finally {
    await client.end();
  }
}
