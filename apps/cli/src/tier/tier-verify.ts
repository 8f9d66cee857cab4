import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { rowOf } from '@scani/database';
import { ImportsTrial } from '@scani/imports';
import { IntegrationsTrial } from '@scani/integrations';
import { type Step, type StepState, TierVerifier } from '@scani/operations';
import { type EnvOf, envOrExit } from '@scani/runtime';
import { storageEnv, StorageModule, storageSettings } from '@scani/storage';
import { DataSource } from 'typeorm';
import { CliModule, cliEnv } from '../cli.module.js';

const verifyEnv = [...cliEnv, storageEnv] as const;

@Module({})
class VerifyModule {
  static register(env: EnvOf<typeof verifyEnv>): DynamicModule {
    return {
      module: VerifyModule,
      imports: [CliModule.register(env), StorageModule.register(storageSettings(env)), ImportsTrial, IntegrationsTrial],
      providers: [TierVerifier],
    };
  }
}

const SIGNS: Readonly<Record<StepState, string>> = {
  waiting: '    ',
  running: '... ',
  ok: 'ok  ',
  failed: 'FAIL',
  'not-offered': 'n/a ',
  skipped: 'skip',
};

/**
 * Tries for real what must work after a switch, with the worker that runs; as the page of admins does. An import and a sync are
 * tried in an account and a wallet of the person with this address, or of the first admin. 0: what is offered works, 1: something does not, 2: it
 * works, and something could not be tried.
 */
export async function tierVerify(email: string | undefined, json: boolean): Promise<number> {
  const env = envOrExit(verifyEnv);
  const app = await NestFactory.createApplicationContext(VerifyModule.register(env), { logger: ['error'] });
  try {
    const person = await rowOf<{ id: string }>(
      app.get(DataSource),
      `select id from users where case when $1::text is null then role = 'admin' else lower(email) = lower($1) end
       order by created_at limit 1`,
      [email ?? null],
    );
    if (!person) throw new Error(email ? `nobody here has the address ${email}` : 'nobody uses this installation yet');
    const said = new Set<string>();
    const steps = await app.get(TierVerifier).run(person.id, (now) => {
      if (!json) for (const step of now) say(step, said);
      return Promise.resolve();
    });
    if (json) process.stdout.write(`${JSON.stringify({ steps })}\n`);
    if (steps.some(({ state }) => state === 'failed')) return 1;
    return steps.some(({ state }) => state === 'skipped') ? 2 : 0;
  } finally {
    await app.close();
  }
}

/** Each once, when it has ended. */
function say({ name, state, title, sentence, remedy }: Step, said: Set<string>): void {
  if (state === 'waiting' || state === 'running' || said.has(name)) return;
  said.add(name);
  process.stdout.write(`${SIGNS[state]}  ${title}: ${sentence}\n${remedy === null ? '' : `      → ${remedy}\n`}`);
}
