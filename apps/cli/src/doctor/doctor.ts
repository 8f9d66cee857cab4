import { Logger } from '@nestjs/common';
import { dataProviderExaminations } from './data-provider.js';
import { type DoctorEnv, doctorEnv, examineSettings, hiderOf, type Source } from './doctor.env.js';
import { type DoctorState, type Examination, examine, exitCodeOf, type Finding, skipped } from './examination.js';
import { examineClock, examineFrontend, examineKeys } from './installation.js';
import { openPostgres } from './postgres.session.js';
import { postgresExaminations } from './postgres.js';
import { openRedis, redisExaminations } from './redis.js';
import { storageExaminations } from './storage.js';

const LIMIT_MS = 10_000;
const SIGNS: Readonly<Record<DoctorState, string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL', skipped: 'skip' };

/** Looks at everything that the installation stands on, and says what is wrong. Changes nothing that stays. */
export async function doctor(json: boolean): Promise<number> {
  // What connections say of themselves is in the findings.
  Logger.overrideLogger(false);
  const findings = await examineAll(process.env);
  process.stdout.write(printed(findings, process.env, json));
  return exitCodeOf(findings);
}

/** All findings in a stable order; `limitMs` bounds each. */
export async function examineAll(source: Source, limitMs = LIMIT_MS): Promise<Finding[]> {
  const env = doctorEnv(source);
  const closers: (() => unknown)[] = [];
  try {
    return await examine(examinationsOf(env, closers), limitMs);
  } finally {
    await Promise.allSettled(closers.map((close) => close()));
  }
}

function examinationsOf(env: DoctorEnv, closers: (() => unknown)[]): Examination[] {
  const shared = <T extends { close(): unknown }>(opening: Promise<T>): (() => Promise<T>) => {
    opening.then(
      (open) => closers.push(() => open.close()),
      () => undefined,
    );
    return () => opening;
  };
  const { database, redis, cloud, crypto, identity, storage } = env;
  const postgres = database && shared(openPostgres(database.DATABASE_URL));
  const queue = redis && shared(openRedis(redis.REDIS_URL));
  const part = <T>(name: string, values: T | undefined, make: (values: T) => Examination[]): Examination[] =>
    values === undefined ? [unset(name)] : make(values);
  return [
    { name: 'settings', run: () => Promise.resolve(examineSettings(env)) },
    ...part('postgres', database, (values) => (postgres ? postgresExaminations(values, postgres) : [])),
    ...part('redis', redis, (values) => (queue ? redisExaminations(values.REDIS_URL, queue) : [])),
    ...part('s3', storage, (settings) => storageExaminations(settings, identity?.FRONTEND_URL)),
    ...part('data-provider', cloud, dataProviderExaminations),
    ...part('keys', crypto, (values) => [
      {
        name: 'keys',
        run: () => (postgres ? examineKeys(values, postgres) : Promise.resolve(skipped('DATABASE_URL is not usable.'))),
      },
    ]),
    { name: 'clock', run: () => examineClock(postgres, queue) },
    ...part('frontend', identity, ({ FRONTEND_URL }) => [
      { name: 'frontend', run: () => Promise.resolve(examineFrontend(FRONTEND_URL)) },
    ]),
  ];
}

const unset = (name: string): Examination => ({
  name,
  run: () => Promise.resolve(skipped('Its variables are not usable; see settings.')),
});

/** What leaves the process: without any secret of the environment, even where a foreign error message quotes one. */
export function printed(findings: readonly Finding[], source: Source, json: boolean): string {
  const hide = hiderOf(source);
  if (!json) return hide(wordsOf(findings));
  const hidden = (_key: string, value: unknown): unknown => (typeof value === 'string' ? hide(value) : value);
  return `${JSON.stringify(reportOf(findings), hidden)}\n`;
}

function reportOf(findings: readonly Finding[]): Record<string, unknown> {
  const count = (state: DoctorState): number => findings.filter((one) => one.state === state).length;
  return {
    ok: count('ok'),
    warn: count('warn'),
    fail: count('fail'),
    skipped: count('skipped'),
    checks: findings,
  };
}

function wordsOf(findings: readonly Finding[]): string {
  const widest = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, state, sentence, remedy }) => [
    `${SIGNS[state]}  ${name.padEnd(widest)}  ${sentence}`,
    ...(remedy ? [`      ${' '.repeat(widest)}  → ${remedy}`] : []),
  ]);
  const words = ['all is well', 'something is wrong', 'it works, and could be better'][exitCodeOf(findings)];
  return `${lines.join('\n')}\n\n${words}\n`;
}
