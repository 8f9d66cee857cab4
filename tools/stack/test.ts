import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type AppsOptions, apiAddress, choosePorts, scani, startApps } from './apps.ts';
import { buildConsole, buildServers, runNx } from './build.ts';
import { findChromium } from './chromium.ts';
import { type Counts, oneCheck, playwrightCounts, vitestCounts } from './counts.ts';
import { Lifetime } from './lifetime.ts';
import { root } from './places.ts';
import { type Finished, run } from './processes.ts';
import { Report } from './report.ts';
import { GatewayBuild } from './s3-build.ts';
import { type StepNotes, say, warn } from './screen.ts';
import { keptSecrets } from './secrets.ts';
import { type Services, startServices } from './services.ts';

const parts = ['static', 'pure', 'real', 'console', 'e2e'] as const;
type Part = (typeof parts)[number];

const help = `npm test                        everything
npm test -- static              formatting, lint, types
npm test -- pure | real         unit tests | tests against Postgres, Redis, S3 and the mail catcher
npm test -- console | e2e       the console's unit tests | the journeys in a browser, against everything
npm test -- libs/core/money     the tests under a path`;

const storagePatienceMs = 8 * 60_000;

const words = process.argv.slice(2);
const chosen = new Set<Part>(parts.filter((part) => words.includes(part)));
const paths = words.filter((word) => !(parts as readonly string[]).includes(word));
if (words.length === 0) for (const part of parts) chosen.add(part);

const workshop = mkdtempSync(join(tmpdir(), 'scani-test-'));
// Postgres runs as a user of its own, which must be able to reach its data.
chmodSync(workshop, 0o755);

const lifetime = new Lifetime();
lifetime.onEnd(() => rmSync(workshop, { recursive: true, force: true }));
const report = new Report();

const secrets = keptSecrets(workshop);

/** Started once, at the beginning, and ready by the time the first test asks for them. */
let servers: Promise<Services> | undefined;
const services = () => (servers ??= startTestServers());

function startTestServers(): Promise<Services> {
  return startServices({
    home: workshop,
    secrets,
    allowedOrigin: '*',
    throwAway: true,
    gateway: new GatewayBuild(),
    storageDeadline: AbortSignal.timeout(storagePatienceMs),
    started: (server) => lifetime.add(server),
  });
}

async function main(): Promise<void> {
  const needsServers = chosen.has('real') || chosen.has('e2e') || paths.length > 0;
  if (needsServers) services().catch(() => undefined);
  const browser = chosen.has('e2e') ? findChromium() : null;
  browser?.catch(() => undefined);

  if (chosen.has('static')) await staticChecks();
  if (chosen.has('pure')) await vitest('Unit tests', ['--project', 'pure'], noEnv);
  if (chosen.has('real')) await vitest('Tests on real servers', ['--project', 'real'], testEnv);
  if (paths.length > 0) await vitest(`Tests under ${paths.join(' ')}`, paths, testEnv);
  if (chosen.has('console')) await consoleTests();
  if (browser) await report.part('End-to-end tests', async (notes) => endToEnd(await services(), await browser, notes));
}

async function staticChecks(): Promise<void> {
  const bin = (...path: string[]) => join(root, 'node_modules', ...path);
  await check('Formatting', bin('prettier', 'bin', 'prettier.cjs'), ['--check', '--cache', '--log-level=warn', '.']);
  await check('Lint: oxlint', bin('oxlint', 'bin', 'oxlint'), []);
  await check('Types and build', bin('typescript', 'bin', 'tsc'), ['-b']);
  await check('Types of tests and tools', bin('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.check.json']);
  await check('Lint: boundaries and promises', bin('eslint', 'bin', 'eslint.js'), ['.']);
}

function check(name: string, script: string, args: string[]): Promise<void> {
  return report.part(name, async () => {
    const done = await run(process.execPath, [script, ...args], { cwd: root, env: quiet });
    if (done.code !== 0) say(done.output);
    return oneCheck(done.code === 0);
  });
}

const quiet = { NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0', NO_COLOR: '1' };

type Env = Record<string, string | undefined>;

const noEnv = (): Promise<Env> => Promise.resolve({});

function vitest(name: string, args: string[], env: () => Promise<Env>): Promise<void> {
  return report.part(name, async (notes) => {
    const variables = await env();
    const file = join(workshop, `vitest-${name.replaceAll(/\W+/g, '-')}.json`);
    const done = await run(
      process.execPath,
      [
        join(root, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        ...args,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ],
      { cwd: root, env: { ...quiet, ...variables }, onLine: (line) => notes.progress(line.trim().slice(0, 90)) },
    );
    return verdict(done, vitestCounts(file));
  });
}

/** A runner that says nothing, or fails without a failed test, has failed. */
function verdict(done: Finished, counts: Counts | null): Counts {
  if (done.code !== 0 || !counts || counts.failed > 0) say(done.output);
  if (!counts) return oneCheck(false);
  return done.code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function testEnv(): Promise<Env> {
  const { postgres, redis, storage, mail } = await services();
  const role = { name: 'scani_test', password: secrets.postgresRole, database: 'scani_test', mayCreateDatabases: true };
  if (!storage) warn('No object storage could be had: the tests that need one say that they are skipped.');
  return {
    TEST_DATABASE_URL: await postgres.database(role),
    TEST_REDIS_URL: redis.url,
    TEST_S3_ENDPOINT: storage?.endpoint,
    TEST_S3_ACCESS_KEY_ID: storage?.accessKeyId,
    TEST_S3_SECRET_ACCESS_KEY: storage?.secretAccessKey,
    TEST_SMTP_URL: mail.smtpUrl,
    TEST_MAIL_API: mail.api,
  };
}

function consoleTests(): Promise<void> {
  return report.part("Console's unit tests", async (notes) => {
    const file = join(workshop, 'console.json');
    const reporters = ['--reporters=default', '--reporters=json', `--outputFile=${file}`];
    const done = await runNx(['run', 'console:test', '--skip-nx-cache', '--watch=false', ...reporters], notes);
    return verdict(done, vitestCounts(file));
  });
}

async function endToEnd(running: Services, chromium: string, notes: StepNotes): Promise<Counts> {
  await buildServers();
  await buildConsole(notes);
  const databaseUrl = await running.postgres.database({
    name: 'scani',
    password: secrets.postgresRole,
    database: 'scani',
  });
  const redis = { ...running.redis, url: `${running.redis.url}/1` };
  const options: AppsOptions = {
    home: workshop,
    secrets,
    services: { ...running, redis },
    databaseUrl,
    ports: await choosePorts(true),
    liveProviders: false,
    started: (server) => lifetime.add(server),
  };
  await scani(['migrate', 'up'], options, notes);
  await startApps(options);
  const file = join(workshop, 'playwright.json');
  const done = await run(
    process.execPath,
    [join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', '--reporter=list,json'],
    {
      cwd: join(root, 'apps', 'e2e'),
      onLine: (line) => notes.progress(line.trim().slice(0, 90)),
      env: {
        ...quiet,
        PLAYWRIGHT_JSON_OUTPUT_NAME: file,
        E2E_BASE_URL: apiAddress(options.ports),
        E2E_MAIL_API: running.mail.api,
        CHROMIUM: chromium,
      },
    },
  );
  return verdict(done, playwrightCounts(file));
}

if (words.includes('--help') || paths.some((path) => path.startsWith('-'))) {
  say(help);
  process.exit(words.includes('--help') ? 0 : 1);
}
await lifetime.guard(main);
await lifetime.end();
const ok = report.print();
process.exit(ok ? 0 : 1);
