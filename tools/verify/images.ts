import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { pdfOf } from '../../libs/features/imports/src/testing/pdf.ts';
import { root } from '../stack/places.ts';
import { run } from '../stack/processes.ts';
import { say, step } from '../stack/screen.ts';
import { type Checks, must, verify } from './checks.ts';
import { baseImages, foreignNodeImage } from './containers/bases.ts';
import { docker, startEngine } from './containers/engine.ts';
import { inspect, megabytes, RESTRICTED, restricted } from './containers/image.ts';

const NODE = 'node:24-bookworm-slim';
const NGINX = 'nginxinc/nginx-unprivileged:1.28';
/** What the Dockerfile builds on. */
export const BASES = [NODE, NGINX] as const;
const PORTS = { api: 3001, worker: 3002, 'data-provider': 8082, console: 8080 } as const;
const TARGETS = ['api', 'worker', 'data-provider', 'migrate', 'console'] as const;
type Target = (typeof TARGETS)[number];
/** Megabytes over the base that nobody who pulls an image should have to wait for. */
const MOST_OVER_BASE: Readonly<Record<Target, number>> = {
  api: 75,
  worker: 75,
  'data-provider': 90,
  migrate: 75,
  console: 5,
};

export const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

/** Enough for a process to begin; nothing of it answers. */
const SETTINGS = {
  DATABASE_URL: 'postgres://scani:scani@127.0.0.1:1/scani',
  REDIS_URL: 'redis://127.0.0.1:1',
  SCANI_CLOUD_API_KEY: 'a-key-of-sixteen-and-more',
  DATA_PROVIDER_API_KEY: 'a-key-of-sixteen-and-more',
  BETTER_AUTH_SECRET: createHash('sha256').update('session').digest('hex'),
  ENCRYPTION_KEY: createHash('sha256').update('seal').digest('hex'),
  LOG_ID_PEPPER: 'a-pepper-of-sixteen-and-more',
};

/** Builds one target; returns how long it took. */
export async function build(target: string, more: string[] = [], tag: string = version): Promise<number> {
  const started = performance.now();
  const authority = process.env['NODE_EXTRA_CA_CERTS'];
  const secret = authority ? ['--secret', `id=ca,src=${authority}`] : [];
  const revision = (await run('git', ['rev-parse', 'HEAD'], { cwd: root })).output.trim();
  const args = ['--build-arg', `VERSION=${version}`, '--build-arg', `REVISION=${revision}`];
  await docker(
    'build',
    '--quiet',
    ...secret,
    ...args,
    ...more,
    '--target',
    target,
    '--tag',
    `scani/${target}:${tag}`,
    root,
  );
  return performance.now() - started;
}

async function metadata(target: Target): Promise<string> {
  const { Config: config, Size: size } = await inspect(`scani/${target}:${version}`);
  must(config.User === '1001:1001', `runs as ${config.User || 'root'}`);
  must(config.Entrypoint[0] === (target === 'console' ? 'nginx' : 'node'), `starts ${config.Entrypoint.join(' ')}`);
  must(config.Labels['org.opencontainers.image.version'] === version, 'the version is not in the labels');
  must(
    /^[0-9a-f]{40}$/.test(config.Labels['org.opencontainers.image.revision'] ?? ''),
    'the revision is not in the labels',
  );
  must(
    !config.Env.some((line) => /SECRET|KEY|TOKEN|PASSWORD|CA_CERTS/.test(line)),
    'an environment variable that looks secret',
  );
  const history = await docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', `scani/${target}:${version}`);
  must(!/PRIVATE KEY|_authToken/.test(history), 'a secret is in the history');
  const over = size - (await inspect(target === 'console' ? NGINX : NODE)).Size;
  must(over < MOST_OVER_BASE[target] * 1_000_000, `${megabytes(over)} over its base, not ${MOST_OVER_BASE[target]}`);
  return `${megabytes(size)}, of which ${megabytes(over)} over its base`;
}

/** Only what runs is inside, and nobody who runs it may change it. */
async function contents(target: Target): Promise<string> {
  const script = `
    const { readdirSync, accessSync, constants } = require('node:fs');
    const files = readdirSync('/app', { recursive: true }).map(String);
    const odd = files.filter((f) => /\\.(map|d\\.ts)$/.test(f) || /^(apps|libs)\\/.*(\\.ts|spec\\.js)$/.test(f));
    const tools = files.filter((f) => /^node_modules\\/(typescript|vitest|nx|@angular|eslint)\\//.test(f));
    let writable = true;
    try { accessSync('/app', constants.W_OK) } catch { writable = false }
    console.log(JSON.stringify({ files: files.length, odd: odd.slice(0, 3), tools: tools.length, writable, apps: readdirSync('/app/apps') }));`;
  const said = await docker('run', '--rm', '--entrypoint', 'node', `scani/${target}:${version}`, '-e', script);
  const found = JSON.parse(said) as { files: number; odd: string[]; tools: number; writable: boolean; apps: string[] };
  must(found.odd.length === 0, `${found.odd.join(', ')} belong in no image`);
  must(found.tools === 0, `${found.tools} files of tools that only build and test`);
  must(!found.writable, '/app can be written to');
  must(found.apps.length === 1, `more than one app: ${found.apps.join(', ')}`);
  return `${found.files} files`;
}

async function lives(target: 'api' | 'worker' | 'data-provider'): Promise<string> {
  const started = performance.now();
  const url = `http://127.0.0.1:${PORTS[target]}/livez`;
  const { seen, exitCode, log } = await restricted(`scani/${target}:${version}`, SETTINGS, async (inside, id) => {
    for (const until = Date.now() + 30_000; ; await wait(200)) {
      const answer = await run('docker', [
        'exec',
        id,
        'node',
        '-e',
        `fetch('${url}').then((a) => console.log(a.status), () => console.log('none'))`,
      ]);
      if (answer.output.trim() === '200') break;
      must(Date.now() < until, `does not answer: ${(await run('docker', ['logs', id])).output.slice(-600)}`);
    }
    const answeredMs = performance.now() - started;
    const first = await inside(
      "const { readFileSync } = require('node:fs'); console.log(JSON.stringify([readFileSync('/proc/1/cmdline', 'utf8').split('\\0')[0], /Uid:\\s+(\\d+)/.exec(readFileSync('/proc/1/status', 'utf8'))[1]]))",
    );
    return { answeredMs, first: JSON.parse(first) as [string, string] };
  });
  must(seen.first[0].endsWith('node') && seen.first[1] === '1001', `PID 1 is ${seen.first.join(' as ')}`);
  must(exitCode === 0, `SIGTERM ended it with ${exitCode}: ${log.slice(-400)}`);
  must(log.includes(`version=${version}`), 'does not say its version');
  return `answered after ${(seen.answeredMs / 1_000).toFixed(1)} s, PID 1 is node as 1001, SIGTERM ends it with 0`;
}

const LINE = '03.11.2026 Rent of November -950.00';

/** A PDF is read by a thread of its own, which loads its library from the image. */
const READS_PDF = `
  import('/app/libs/features/imports/dist/by-ai/pdf.text.js')
    .then(({ pdfPages }) => pdfPages(Buffer.from('${pdfOf([[[50, 700, LINE]]]).toString('base64')}', 'base64')))
    .then((pages) => console.log(pages[0]));`;
/** The tables of names of Ethereum are loaded with the first question. */
const NORMALIZES = `import('/app/libs/providers/dist/ens/ens.contract.js').then(() => import('viem/ens')).then(({ normalize }) => console.log(normalize('VITALIK.eth')))`;

/** What is loaded long after the start, when it is needed, is in the image. */
async function loadsLate(target: 'worker' | 'data-provider', script: string, wanted: string): Promise<string> {
  const flags = [...RESTRICTED, '--entrypoint=node'];
  const said = await docker('run', '--rm', ...flags, `scani/${target}:${version}`, '-e', script);
  must(said.trim() === wanted, `said ${said}`);
  return said.trim();
}

async function servesPages(): Promise<string> {
  const image = `scani/console:${version}`;
  const flags = ['--read-only', '--tmpfs=/tmp', '--cap-drop=ALL', '--security-opt=no-new-privileges'];
  const id = await docker('run', '--detach', ...flags, '--publish', '127.0.0.1::8080', image);
  try {
    const address = (await docker('port', id, '8080')).split('\n')[0];
    const get = (path: string): Promise<Response> => fetch(`http://${address}${path}`);
    for (
      const until = Date.now() + 10_000;
      !(await get('/readyz').then(
        (a) => a.ok,
        () => false,
      ));
      await wait(100)
    ) {
      must(Date.now() < until, `does not answer: ${(await run('docker', ['logs', id])).output}`);
    }
    const page = await get('/holdings/some-page');
    const html = await page.text();
    must(page.headers.get('content-security-policy')?.includes("default-src 'none'"), 'a page has no policy');
    const script = /src="(main-[\w-]+\.js)"/.exec(html)?.[1] ?? '';
    const code = await get(`/${script}`);
    must(code.headers.get('content-encoding') === 'gzip', 'scripts are not compressed');
    must(code.headers.get('cache-control')?.includes('immutable'), 'hashed files are not kept');
    must((await get('/main-AAAAAAAA.js')).status === 404, 'a chunk that is gone is answered with a page');
    must((await get('/api/me')).status === 502, '/api is answered by a page');
    await docker('stop', '--time', '10', id);
    must((await docker('inspect', '--format', '{{.State.ExitCode}}', id)) === '0', 'does not end with 0');
    return 'pages with their policy, compressed scripts kept for ever, 404 for old chunks, ends with 0';
  } finally {
    await run('docker', ['rm', '--force', id]);
  }
}

async function forArm(checks: Checks): Promise<void> {
  await checks.check('arm64: api builds on this processor, nothing in it was compiled for it', async () => {
    await foreignNodeImage('scani-verify/node:arm64', 'arm64');
    const took = await build(
      'api',
      [
        '--platform',
        'linux/arm64',
        '--build-arg',
        `BUILD_IMAGE=${NODE}`,
        '--build-arg',
        'NODE_IMAGE=scani-verify/node:arm64',
      ],
      'arm64',
    );
    const { Architecture } = await inspect('scani/api:arm64');
    must(Architecture === 'arm64', `is ${Architecture}`);
    return `in ${(took / 1_000).toFixed(1)} s`;
  });
}

async function images(checks: Checks): Promise<void> {
  await step('an engine', async (notes) => notes.note(await startEngine()));
  await step('base images', async (notes) => {
    const made = await baseImages(BASES, notes);
    notes.note(made.length > 0 ? `made here, since no registry answers: ${made.join(', ')}` : 'there');
  });
  for (const target of TARGETS) {
    await checks.check(`${target}: builds`, async () => `${((await build(target)) / 1_000).toFixed(1)} s`);
    await checks.check(`${target}: user, entrypoint, labels, no secret`, () => metadata(target));
    if (target !== 'console') await checks.check(`${target}: only what runs`, () => contents(target));
  }
  for (const target of ['api', 'worker', 'data-provider'] as const) {
    await checks.check(`${target}: read-only root, no shell, no privilege`, () => lives(target));
  }
  await checks.check('worker: a thread of it reads a PDF', () => loadsLate('worker', READS_PDF, LINE));
  await checks.check('data-provider: knows the names of Ethereum', () =>
    loadsLate('data-provider', NORMALIZES, 'vitalik.eth'),
  );
  await checks.check('migrate: says its version, and is scani migrate up unless told', async () => {
    const image = `scani/migrate:${version}`;
    must((await docker('run', '--rm', image, 'version')) === version, 'says another version');
    const { code, output } = await run('docker', [
      'run',
      '--rm',
      '--env',
      `DATABASE_URL=${SETTINGS.DATABASE_URL}`,
      image,
    ]);
    must(code === 5, `without a database it ends with ${code}: ${output}`);
    return 'exit code 5 without a database';
  });
  await checks.check('console: read-only root, no privilege', servesPages);
  await checks.check('all: built again with nothing changed', async () => {
    const started = performance.now();
    for (const target of TARGETS) await build(target);
    return `${((performance.now() - started) / 1_000).toFixed(1)} s`;
  });
  await forArm(checks);
}

if (import.meta.main) {
  say('Builds the five images and looks at each as a cluster would run it.\n');
  await verify(images);
}
