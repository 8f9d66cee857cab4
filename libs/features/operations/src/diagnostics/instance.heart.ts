import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { REQUIRED_SCHEMA } from '@scani/database';
import { randomUUIDv7 } from 'node:crypto';
import type { DataSource } from 'typeorm';

const BEAT_MS = 20_000;
const KEEP = `interval '1 day'`;

/** Says that this process is there, for the admin page and for migrations that must know who still runs. */
export class InstanceHeart implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Heart');
  private readonly id = randomUUIDv7();
  private readonly startedAt = new Date();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly component: string,
    private readonly version: string,
  ) {}

  onApplicationBootstrap(): void {
    void this.beat();
    this.timer = setInterval(() => void this.beat(), BEAT_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async beat(): Promise<void> {
    try {
      await this.source.query(
        `insert into scani_instances (id, component, version, required, memory_mb, started_at, last_seen_at)
         values ($1, $2, $3, $4, $5, $6, now())
         on conflict (id) do update set memory_mb = excluded.memory_mb, last_seen_at = now()`,
        [
          this.id,
          this.component,
          this.version,
          REQUIRED_SCHEMA,
          Math.round(process.memoryUsage().rss / 2 ** 20),
          this.startedAt,
        ],
      );
      await this.source.query(`delete from scani_instances where last_seen_at < now() - ${KEEP}`);
    } catch (error) {
      // Before the first migration there is no table yet; readiness says so, and the next beat tries again.
      this.log.debug(String(error));
    }
  }
}
