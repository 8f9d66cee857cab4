import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type EgressEntry, readEgress, type RedisClient, takeEgress } from '@scani/jobs';
import type { DataSource } from 'typeorm';

const LOOK_MS = 3_000;

/**
 * Takes what all processes say they have called out of Redis and keeps it in Postgres. Any number of workers may do so at
 * once, and be killed at any point: what is read twice is kept once.
 */
export class EgressCollector implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Egress');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly redis: RedisClient,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private look(): Promise<void> {
    this.looking ??= this.collect()
      // Redis or Postgres is away, or there is no table yet; readiness says so, and the stream keeps what is in it.
      .catch((error: unknown) => this.log.debug(String(error)))
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  async collect(): Promise<void> {
    for (;;) {
      const entries = await readEgress(this.redis);
      if (entries.length === 0) return;
      await this.keep(entries);
      await takeEgress(this.redis, entries);
    }
  }

  /** The same entries again change nothing. Calls of a person who was erased meanwhile are nobody's. */
  async keep(entries: readonly EgressEntry[]): Promise<void> {
    await this.source.query(
      `insert into egress (id, at, process, host, purpose, status, sent_bytes, received_bytes, ms, user_id, key, cost)
     select said.id, said.at, said.process, said.host, said.purpose, said.status, said."sentBytes", said."receivedBytes",
       said.ms, users.id, said.key, said.cost
     from jsonb_to_recordset($1::jsonb) as said (id text, at timestamptz, process text, host text, purpose text, status int,
       "sentBytes" bigint, "receivedBytes" bigint, ms int, "userId" uuid, key text, cost numeric)
     left join users on users.id = said."userId"
     where said."userId" is null or users.id is not null
     on conflict (id) do nothing`,
      [JSON.stringify(entries)],
    );
  }
}
