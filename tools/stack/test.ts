import { join } from 'node:path';
import process from 'node:process';
import { apiAddress } from './apps.ts';
import { runNx } from './build.ts';
import { findChromium } from './chromium.ts';
import { type Counts, oneCheck, playwrightCounts, vitestCounts } from './counts.ts';
import type { GoTool } from './go-tool.ts';
import { findHelm, helmBuild } from './helm.ts';
import { Lifetime } from './lifetime.ts';
import { root } from './places.ts';
import { type Finished, run } from './processes.ts';
import { Report } from './report.ts';
import { type StepNotes, say, warn } from './screen.ts';
import { ThrowAway } from './throw-away.ts';

const parts = ['static', 'pure', 'real', 'console', 'e2e', 'chart'] as const;
type Part = (typeof parts)[number];

const helmPatienceMs = 5 * 60_000;

const help = `npm test                        everything
npm test -- static              formatting, lint, types
npm test -- pure | real         unit tests | tests against Postgres, Redis, S3 and the mail catcher
npm test -- console | e2e       the console's unit tests | the journeys in a browser, against everything
npm test -- chart               the Helm chart, in every shape that it supports
npm test -- libs/core/money     the tests under a path`;

type Env = Record<string, string | undefined>;
const quiet: Env = { NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: undefined, NO_COLOR: '1' };

const words = process.argv.slice(2);
const paths = words.filter((word) => !(parts as readonly string[]).includes(word));
const chosen = new Set<Part>(words.length === 0 ? parts : parts.filter((part) => words.includes(part)));

if (paths.some((path) => path.startsWith('-'))) {
  say(help);
  process.exit(words.includes('--help') ? 0 : 1);
}

const lifetime = new Lifetime();
const throwAway = new ThrowAway(lifetime);
const report = new Report();

async function main(): Promise<void> {
  // What takes long is begun at once; whoever needs it waits for it, and reports its failure.
  const needsServers = chosen.has('real') || chosen.has('e2e') || paths.length > 0;
  if (needsServers) throwAway.services().catch(() => undefined);
  const browser = chosen.has('e2e') ? findChromium() : null;
  const helm = chosen.has('chart') ? helmBuild() : null;
  if (helm && !findHelm()) helm.begin();
  browser?.catch(() => undefined);

  if (chosen.has('static')) await staticChecks();
  if (chosen.has('pure')) await vitest('Unit tests', ['--project', 'pure'], noEnv);
  if (chosen.has('real')) await vitest('Tests on real servers', ['--project', 'real'], testEnv);
  if (paths.length > 0) await vitest(`Tests under ${paths.join(' ')}`, paths, testEnv);
  if (chosen.has('console')) await consoleTests();
  if (browser) await report.part('End-to-end tests', async (notes) => endToEnd(await browser, notes));
  if (helm) await chartTests(helm);
}

/** A machine's first run builds helm beside everything else; what is left of that is waited for, but not for ever. */
async function chartTests(helm: GoTool): Promise<void> {
  if (helm.isRunning()) say('Helm is still being built with Go, once.');
  await helm.wait(AbortSignal.timeout(helmPatienceMs));
  const found = findHelm();
  if (!found) {
    const why = helm.failure() ?? (helm.isRunning() ? 'it is still being built' : 'there is no Go to build it');
    warn(`There is no helm: most tests of the chart say that they are skipped (${why}).`);
  }
  await vitest('Tests of the chart', ['--project', 'chart'], () => Promise.resolve({ HELM: found ?? undefined }));
}

async function staticChecks(): Promise<void> {
  await check('Formatting', ['prettier', 'bin', 'prettier.cjs'], ['--check', '--cache', '--log-level=warn', '.']);
  await check('Lint: oxlint', ['oxlint', 'bin', 'oxlint'], []);
  await check('Types and build', ['typescript', 'bin', 'tsc'], ['-b']);
  await check('Types of tests and tools', ['typescript', 'bin', 'tsc'], ['-p', 'tsconfig.check.json']);
  await check('Lint: boundaries and promises', ['eslint', 'bin', 'eslint.js'], ['.']);
}

const script = (...path: string[]) => join(root, 'node_modules', ...path);

function check(name: string, program: string[], args: string[]): Promise<void> {
  return report.part(name, async () => {
    const done = await run(process.execPath, [script(...program), ...args], { cwd: root, env: quiet });
    if (done.code !== 0) say(done.output);
    return oneCheck(done.code === 0);
  });
}

const noEnv = (): Promise<Env> => Promise.resolve({});

async function testEnv(): Promise<Env> {
  const { redis, storage, mail } = await throwAway.services();
  if (!storage) warn('No object storage could be had: the tests that need one say that they are skipped.');
  return {
    TEST_DATABASE_URL: await throwAway.database('scani_test', true),
    TEST_REDIS_URL: redis.url,
    TEST_S3_ENDPOINT: storage?.endpoint,
    TEST_S3_ACCESS_KEY_ID: storage?.accessKeyId,
    TEST_S3_SECRET_ACCESS_KEY: storage?.secretAccessKey,
    TEST_SMTP_URL: mail.smtpUrl,
    TEST_MAIL_API: mail.api,
  };
}

function vitest(name: string, args: string[], env: () => Promise<Env>): Promise<void> {
  return report.part(name, async (notes) => {
    const variables = await env();
    const file = join(throwAway.home, `vitest-${name.replaceAll(/\W+/g, '-')}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const done = await run(process.execPath, [script('vitest', 'vitest.mjs'), 'run', ...args, ...reporters], {
      cwd: root,
      env: { ...quiet, ...variables },
      onLine: lastLine(notes),
    });
    return verdict(done, vitestCounts(file));
  });
}

function consoleTests(): Promise<void> {
  return report.part("Console's unit tests", async (notes) => {
    const file = join(throwAway.home, 'console.json');
    const reporters = ['--reporters=default', '--reporters=json', `--outputFile=${file}`];
    const done = await runNx(['run', 'console:test', '--skip-nx-cache', '--watch=false', ...reporters], notes);
    return verdict(done, vitestCounts(file));
  });
}

async function endToEnd(chromium: string, notes: StepNotes): Promise<Counts> {
  const stack = await throwAway.stack(notes);
  const file = join(throwAway.home, 'playwright.json');
  const done = await run(process.execPath, [script('@playwright', 'test', 'cli.js'), 'test', '--reporter=list,json'], {
    cwd: join(root, 'apps', 'e2e'),
    env: {
      ...quiet,
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
      E2E_BASE_URL: apiAddress(stack.ports),
      E2E_MAIL_API: stack.services.mail.api,
      CHROMIUM: chromium,
    },
    onLine: lastLine(notes),
  });
  return verdict(done, playwrightCounts(file));
}

const lastLine = (notes: StepNotes) => (line: string) => {
  if (line.trim()) notes.progress(line.trim().slice(0, 90));
};

/** A runner that says nothing, or fails without a failed test, has failed. */
function verdict(done: Finished, counts: Counts | null): Counts {
  if (done.code !== 0 || !counts || counts.failed > 0) say(done.output);
  if (!counts) return oneCheck(false);
  return done.code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

await lifetime.guard(main);
await lifetime.end();
process.exit(report.print() ? 0 : 1);
