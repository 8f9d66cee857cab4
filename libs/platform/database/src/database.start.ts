import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { connectionTrouble } from './away.js';

const RETRY_MS = 1_000;

const troubles = new WeakMap<DataSource, string>();

/** Why the first connection could not be made; undefined once it was. */
export function startTrouble(source: DataSource): string | undefined {
  return troubles.get(source);
}

/**
 * Connects, and goes on trying: a process whose database is away must live, or restarts would hide what is wrong. Until
 * it is there every query is refused at once.
 */
@Injectable()
export class DatabaseStart implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger('Database');
  private ended = false;

  constructor(private readonly source: DataSource) {}

  async onModuleInit(): Promise<void> {
    if (this.source.isInitialized) return;
    const trouble = await this.attempt();
    if (trouble !== undefined) void this.goOn(trouble);
  }

  onModuleDestroy(): void {
    this.ended = true;
  }

  private async goOn(first: string): Promise<void> {
    this.log.error(`${first}; trying again every second`);
    for (let said = first; !this.ended;) {
      await pause(RETRY_MS, undefined, { ref: false });
      const trouble = await this.attempt();
      if (trouble === undefined) return this.log.log('Postgres answers');
      if (trouble !== said) this.log.error(trouble);
      said = trouble;
    }
  }

  private async attempt(): Promise<string | undefined> {
    try {
      await this.source.initialize();
      // Who was told to end while this was on its way has closed what there was to close.
      if (this.ended) await this.source.destroy();
      troubles.delete(this.source);
      return undefined;
    } catch (error) {
      const trouble = connectionTrouble(error);
      troubles.set(this.source, trouble);
      return trouble;
    }
  }
}
