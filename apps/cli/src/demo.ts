import { NestFactory } from '@nestjs/core';
import { CloudClient } from '@scani/cloud';
import { rowOf } from '@scani/database';
import { JobQueue } from '@scani/jobs';
import { LedgerService } from '@scani/ledger';
import { AssetsService, PricesService } from '@scani/market';
import { DemoSeeder } from '@scani/operations';
import { envOrExit } from '@scani/runtime';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { CliModule, cliEnv } from './cli.module.js';

const FIGURES_PATIENCE_MS = 60_000;

/** Seeds the demo through the real data-provider and waits until the worker has computed its figures. */
export async function demo(force: boolean): Promise<number> {
  const app = await NestFactory.createApplicationContext(CliModule.register(envOrExit(cliEnv)), { logger: ['error'] });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const source = app.get(DataSource);
    const seeder = new DemoSeeder(
      source,
      app.get(CloudClient),
      app.get(AssetsService),
      app.get(PricesService),
      app.get(LedgerService),
      app.get(JobQueue),
    );
    const outcome = await seeder.seed(say, force);
    if (outcome === 'there') say('the demo portfolio is there already');
    if (outcome === 'not-wanted') say('people use this installation: no demo (use --force to add one)');
    if (outcome === 'seeded') await figures(source, say);
    return 0;
  } finally {
    await app.close();
  }
}

async function figures(source: DataSource, say: (line: string) => void): Promise<void> {
  say('computing its figures');
  const until = Date.now() + FIGURES_PATIENCE_MS;
  while (Date.now() < until) {
    const state = await rowOf<{ waiting: number; built: boolean }>(
      source,
      `select (select count(*)::int from job where state in ('waiting', 'queued', 'active')) as waiting,
         exists (select 1 from rollup_state join users on users.id = user_id where is_demo and built_at is not null) as built`,
    );
    if (state?.built && state.waiting === 0) return say('the demo portfolio is ready');
    say(`computing its figures (${state?.waiting ?? 0} jobs to go)`);
    await pause(500);
  }
  say('the worker is still computing its figures; they will appear when it is done');
}
