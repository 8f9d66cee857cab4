import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../stack/places.ts';
import { type Finished, run } from '../stack/processes.ts';
import { say, step } from '../stack/screen.ts';
import { type Checks, must, verify, wellRun } from './checks.ts';
import { baseImages } from './containers/bases.ts';
import { commentedOut } from './containers/comment-out.ts';
import { docker, startEngine } from './containers/engine.ts';
import { outsideOfCompose } from './compose.outside.ts';
import { addHolding, confirm, importState, openAccount, stageImport, statement } from './deeds.ts';
import { BASES, build, version } from './images.ts';
import { Person } from './person.ts';

const FILE = 'docker-compose.prod.yml';
/** Beside an installation that may run on this machine: other names, another address. */
const PROJECT = 'scani-verify';
const ADDRESS = '127.0.0.2';
const OURS = ['api', 'worker', 'data-provider', 'console'] as const;
/** Without them their containers would stay. */
const PROFILES = ['--profile', 'migrate', '--profile', 'cli'] as const;

const place = mkdtempSync(join(tmpdir(), 'scani-compose-'));
const env = { COMPOSE_PROJECT_NAME: PROJECT, SCANI_BIND: ADDRESS, S3_PUBLIC_ENDPOINT: `http://${ADDRESS}:9000` };
const selfHost = (...args: string[]): Promise<Finished> =>
  run('bash', ['scripts/self-host.sh', ...args], { cwd: place, env });
const compose = (...args: string[]): Promise<Finished> =>
  run('docker', ['compose', '--progress', 'quiet', '--file', join(place, FILE), ...args], { cwd: place, env });
const settings = (): Record<string, string> =>
  Object.fromEntries(
    readFileSync(join(place, '.env'), 'utf8')
      .split('\n')
      .map((line) => /^(\w+)=(.*)$/.exec(line))
      .flatMap((found) => (found ? [[found[1], found[2]] as [string, string]] : [])),
  );

async function prepare(): Promise<void> {
  mkdirSync(join(place, 'scripts'));
  for (const file of [FILE, 'package.json', 'scripts/self-host.sh']) cpSync(join(root, file), join(place, file));
  const original = readFileSync(join(root, FILE), 'utf8');
  await step('an engine', async (notes) => notes.note(await startEngine()));
  await step('images', async (notes) => {
    const named = [...original.matchAll(/image: \$\{\w+:-([^}]+)\}/g)].map(([, name]) => name as string);
    await baseImages([...BASES, ...named], notes);
    for (const target of [...OURS, 'migrate']) await build(target);
  });
  await compose(...PROFILES, 'down', '--volumes', '--remove-orphans');
}

async function refusals(checks: Checks): Promise<void> {
  await checks.check('without settings: the first that is missing is named, with what it is for', async () => {
    const { code, output } = await compose('config', '--quiet');
    must(code !== 0 && /variable \w+ is missing a value: \w+/.test(output), output);
    return /variable \w+ is missing a value: .*/.exec(output)?.[0];
  });
}

async function firstRun(checks: Checks): Promise<void> {
  await checks.check('self-host.sh on a fresh machine: from nothing to a running product', async () => {
    const started = performance.now();
    const output = await wellRun(selfHost());
    must(output.includes('Scani runs') && output.includes('0 pending'), output);
    must(!/^FAIL/m.test(output), `the doctor found: ${output}`);
    return `${((performance.now() - started) / 1_000).toFixed(1)} s`;
  });
  await checks.check('.env: readable by its owner alone, every secret its own', () => {
    must((statSync(join(place, '.env')).mode & 0o777) === 0o600, 'others may read it');
    const { SCANI_CLOUD_API_KEY, DATA_PROVIDER_API_KEY, ...others } = settings();
    must(SCANI_CLOUD_API_KEY === DATA_PROVIDER_API_KEY, 'the two keys of the data-provider differ');
    const secrets = Object.values(others).filter((value) => /^[0-9a-f]{20,}$/.test(value));
    must(secrets.length === 7 && new Set(secrets).size === 7, `${secrets.length} secrets`);
  });
  await checks.check('containers: no root, no capability, read-only (the console but for its settings)', async () => {
    for (const service of OURS) {
      const id = (await wellRun(compose('ps', '--quiet', service))).trim();
      const [found] = JSON.parse(await docker('inspect', id)) as {
        Config: { User: string };
        HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[] };
      }[];
      must(
        found?.Config.User === '1001:1001' && found.HostConfig.CapDrop.includes('ALL'),
        `${service} is not restricted`,
      );
      must(service === 'console' || found.HostConfig.ReadonlyRootfs, `${service} may write`);
    }
  });
}

async function signedIn(): Promise<Person> {
  const person = new Person(() => `http://${ADDRESS}:8080`, '');
  const output = await wellRun(compose('--profile', 'cli', 'run', '--rm', 'cli', 'sign-in', person.email));
  await person.must(person.post('/api/sign-in/link', { token: /#token=(\S+)/.exec(output)?.[1] }));
  return person;
}

async function use(checks: Checks): Promise<Person | undefined> {
  let person: Person | undefined;
  await checks.check('the console: pages, their policy, the api behind it', async () => {
    const page = await fetch(`http://${ADDRESS}:8080/holdings`);
    must(
      page.ok && page.headers.get('content-security-policy')?.includes(env.S3_PUBLIC_ENDPOINT),
      'browsers may not upload',
    );
    const said = (await (await fetch(`http://${ADDRESS}:8080/api/version`)).json()) as { version: string };
    must(said.version === version, `the api says ${said.version}`);
  });
  await checks.check('a person: comes in by a link of the command line, enters, uploads a statement', async () => {
    person = await signedIn();
    const account = await openAccount(person);
    await addHolding(person, account);
    const id = await stageImport(person, account, statement(40).text);
    await confirm(person, id);
    const { counts } = await importState(person, id, 60_000, 'recorded');
    must(counts.recorded === 40, `${counts.recorded} rows of 40`);
  });
  return person;
}

async function again(checks: Checks, person: Person): Promise<void> {
  const before = readFileSync(join(place, '.env'), 'utf8');
  const value = async (): Promise<unknown> =>
    (await person.must(person.get<{ value: unknown }>('/api/portfolio/summary'))).value;
  await checks.check('self-host.sh again: settings and data stay, nobody is signed out', async () => {
    const was = JSON.stringify(await value());
    await wellRun(selfHost());
    must(readFileSync(join(place, '.env'), 'utf8') === before, '.env was changed');
    must(JSON.stringify(await value()) === was, 'figures changed');
  });
  await checks.check('self-host.sh with data and no .env: refuses, says why, changes nothing', async () => {
    renameSync(join(place, '.env'), join(place, '.kept'));
    const { code, output } = await selfHost();
    renameSync(join(place, '.kept'), join(place, '.env'));
    must(code === 1 && output.includes('put the .env back'), output);
    return output.trim().split('\n')[0];
  });
  await checks.check('down, and up with the profile migrate: figures and sessions are there', async () => {
    const was = JSON.stringify(await value());
    await wellRun(compose('down'));
    await wellRun(compose('--profile', 'migrate', 'up', '--detach', '--wait'));
    must(JSON.stringify(await value()) === was, 'figures changed');
  });
}

/** The services that are commented out run on beside it, under the names that .env then gives. */
async function elsewhere(checks: Checks, person: Person): Promise<void> {
  const { POSTGRES_PASSWORD, REDIS_PASSWORD } = settings();
  const given = {
    postgres: `DATABASE_URL=postgres://scani:${POSTGRES_PASSWORD}@postgres:5432/scani`,
    redis: `REDIS_URL=redis://:${REDIS_PASSWORD}@redis:6379`,
    minio: 'S3_ENDPOINT=http://minio:9000',
    'data-provider': 'SCANI_CLOUD_URL=http://data-provider:8082',
  };
  const original = readFileSync(join(place, FILE), 'utf8');
  const dotEnv = readFileSync(join(place, '.env'), 'utf8');
  const boots = async (services: (keyof typeof given)[]): Promise<void> => {
    const out = services.includes('minio') ? [...services, 'minio-init'] : services;
    writeFileSync(join(place, FILE), commentedOut(original, out));
    const gone = services.flatMap((service) =>
      service === 'postgres' ? ['POSTGRES_PASSWORD'] : service === 'redis' ? ['REDIS_PASSWORD'] : [],
    );
    const kept = dotEnv.split('\n').filter((line) => !gone.some((name) => line.startsWith(`${name}=`)));
    writeFileSync(join(place, '.env'), [...kept, ...services.map((service) => given[service])].join('\n'));
    try {
      const listed = await wellRun(compose('config', '--services'));
      must(!out.some((service) => listed.split('\n').includes(service)), 'a service is still there');
      await wellRun(compose('up', '--detach', '--wait', '--force-recreate', 'api', 'worker', 'console'));
      must((await person.get('/api/me')).status === 200, 'the session is gone');
    } finally {
      writeFileSync(join(place, FILE), original);
      writeFileSync(join(place, '.env'), dotEnv);
    }
  };
  for (const service of Object.keys(given) as (keyof typeof given)[]) {
    await checks.check(`${service} commented out and named in .env: validates and boots`, () => boots([service]));
  }
  await checks.check('all four commented out: validates and boots', () =>
    boots(Object.keys(given) as (keyof typeof given)[]),
  );
}

async function stops(checks: Checks): Promise<void> {
  await checks.check('stop: every process ends by itself, with 0', async () => {
    await wellRun(compose('up', '--detach', '--wait'));
    const ids = await Promise.all(
      OURS.map(async (service) => (await wellRun(compose('ps', '--quiet', service))).trim()),
    );
    await wellRun(compose('stop'));
    for (const [at, id] of ids.entries()) {
      const code = await docker('inspect', '--format', '{{.State.ExitCode}}', id);
      must(code === '0', `${OURS[at]} ended with ${code}`);
    }
  });
}

async function composeFile(checks: Checks): Promise<void> {
  try {
    await prepare();
    await refusals(checks);
    await firstRun(checks);
    const person = await use(checks);
    if (person) {
      await again(checks, person);
      await elsewhere(checks, person);
      const { SCANI_CLOUD_API_KEY = '' } = settings();
      await outsideOfCompose(checks, person, {
        place,
        network: `${PROJECT}_default`,
        apiKey: SCANI_CLOUD_API_KEY,
        compose,
      });
    }
    await stops(checks);
  } finally {
    await compose(...PROFILES, 'down', '--volumes', '--remove-orphans');
    rmSync(place, { recursive: true, force: true });
  }
}

say('Sets Scani up with scripts/self-host.sh and docker-compose.prod.yml, uses it, and moves its parts elsewhere.\n');
await verify(composeFile);
