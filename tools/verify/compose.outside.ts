import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { worldUrls } from '../outside-world/urls.ts';
import { root } from '../stack/places.ts';
import { type Finished, run } from '../stack/processes.ts';
import { type Checks, must, wellRun } from './checks.ts';
import { docker } from './containers/engine.ts';
import { followWallet, openAccount, recordPicture, sendPicture } from './deeds.ts';
import type { Person } from './person.ts';
import { within } from './product.ts';

const NODE = 'node:24-bookworm-slim';
const WORLD = 'scani-verify-world';
const PORT = 8000;
const REPLICAS = 2;
/** Requests to CoinGecko a minute, of all replicas together. */
const BUDGET = 4;
const PATIENCE_MS = 60_000;
/** Megabytes; more than are read at once. */
const PICTURES = { each: 7.9, atOnce: 12, rounds: 4 } as const;

interface Installation {
  place: string;
  network: string;
  apiKey: string;
  compose(...args: string[]): Promise<Finished>;
}

/** The services that a data-provider asks, played by a container; two data-providers, and what they have in common. */
export async function outsideOfCompose(checks: Checks, person: Person, house: Installation): Promise<void> {
  const more = join(house.place, 'outside.yml');
  const compose = (...args: string[]): Promise<string> =>
    wellRun(house.compose('--file', more, ...args), `compose ${args[0]}`);
  const environment = {
    ...worldUrls(`http://${WORLD}:${PORT}`),
    COINGECKO_PER_MINUTE: String(BUDGET),
    AI_PER_MINUTE: '1000',
  };
  writeFileSync(more, JSON.stringify({ services: { 'data-provider': { environment } } }));
  await compose('up', '--detach', '--wait', '--scale', `data-provider=${REPLICAS}`);
  await startWorld(house.network);
  try {
    const ids = (await compose('ps', '--quiet', 'data-provider')).trim().split('\n');
    const search = (at: number, query: string): Promise<Found> => searchOf(ids[at] ?? '', house.apiKey, query);

    await checks.check('a wallet of a chain and a picture, read by an outside world', async () => {
      must(ids.length === REPLICAS, `${ids.length} data-providers`);
      await followWallet(person);
      await recordPicture(person, await sendPicture(person, await openAccount(person)));
    });
    await checks.check('egress: what api, worker and data-provider asked', () => toldByAll(person));
    await checks.check(`${REPLICAS} data-providers: one budget, one cache`, async () => {
      for (let count = 0; count < BUDGET; count += 1) await search(0, `first ${count}`);
      const other = await search(1, 'second');
      must(
        other.silent.some(({ source, reason }) => source === 'coingecko' && reason === 'limited'),
        `the other one asked although nothing was left: ${JSON.stringify(other)}`,
      );
      const known = await search(1, 'first 0');
      must(!known.silent.some(({ source }) => source === 'coingecko'), 'what one was told the other does not know');
      return `${BUDGET} questions of one, none is left for the other`;
    });
    await checks.check('large pictures: a data-provider has the memory that the chart gives it, and lives', () =>
      endures(ids[0] ?? '', house.apiKey),
    );
    await checks.check('Redis stopped: both data-providers answer', async () => {
      await compose('stop', 'redis');
      try {
        for (const at of ids.keys()) {
          const { status, ms, silent } = await search(at, `alone ${at}`);
          must(status === 200 && silent.length === 0, `answers ${status}, silent ${JSON.stringify(silent)}`);
          must(ms < 5_000, `answers after ${ms} ms`);
        }
      } finally {
        await compose('start', 'redis');
        await compose('up', '--detach', '--wait', '--scale', `data-provider=${REPLICAS}`);
      }
    });
  } finally {
    await run('docker', ['rm', '--force', WORLD]);
  }
}

async function startWorld(network: string): Promise<void> {
  await run('docker', ['rm', '--force', WORLD]);
  const flags = ['--detach', `--name=${WORLD}`, `--network=${network}`, `--volume=${root}:/world:ro`];
  const program = ['/world/tools/outside-world/main.ts', '--host', '0.0.0.0', '--port', String(PORT)];
  await docker('run', ...flags, '--entrypoint=node', NODE, ...program);
  const answers = async (): Promise<boolean> =>
    (await run('docker', ['exec', WORLD, 'node', '-e', `fetch('http://127.0.0.1:${PORT}')`])).code === 0;
  const took = await within(PATIENCE_MS, answers);
  must(took !== undefined, `the outside world does not answer: ${(await run('docker', ['logs', WORLD])).output}`);
}

interface Found {
  status: number;
  ms: number;
  silent: { source: string; reason: string }[];
}

/** Of one replica: a name leads to any of them. */
async function searchOf(id: string, key: string, query: string): Promise<Found> {
  const url = `http://127.0.0.1:8082/v1/assets/search?query=${encodeURIComponent(query)}`;
  const script = `
    const started = performance.now();
    const answer = await fetch('${url}', { headers: { authorization: 'Bearer ' + process.argv[1] } });
    const { silent = [] } = await answer.json();
    console.log(JSON.stringify({ status: answer.status, ms: Math.round(performance.now() - started), silent }));`;
  return JSON.parse(await docker('exec', id, 'node', '--input-type=module', '-e', script, key)) as Found;
}

async function toldByAll(person: Person): Promise<string> {
  interface Row {
    process: string;
    calls: number;
  }
  let rows: Row[] = [];
  await person.must(person.get('/api/asset-search?query=bitcoin'));
  const processes = (): string[] => [...new Set(rows.map(({ process }) => process))].toSorted();
  await within(PATIENCE_MS, async () => {
    rows = (await person.must(person.get<{ items: Row[] }>('/api/admin/egress/summary'))).items;
    return processes().length === 3;
  });
  must(processes().length === 3, `told only by ${processes().join(', ') || 'nobody'}`);
  return processes()
    .map((name) => `${name} ${rows.filter((row) => row.process === name).reduce((sum, { calls }) => sum + calls, 0)}`)
    .join(', ');
}

/** Ends where the kernel would end it in a cluster. */
async function endures(id: string, key: string): Promise<string> {
  const values = readFileSync(join(root, 'charts', 'scani', 'values.yaml'), 'utf8');
  const limit = Number(/^dataProvider:[^]*?limits:\s+memory: (\d+)Mi$/m.exec(values)?.[1]);
  await docker('update', `--memory=${limit}m`, `--memory-swap=${limit}m`, id);
  const host = (await docker('inspect', '--format', '{{.Config.Hostname}}', id)).trim();
  // The head of a PNG of 1024 × 1024, and what nobody looks at.
  const head = '89504e470d0a1a0a0000000d4948445200000400000004000806000000';
  const script = `
    const bytes = Buffer.alloc(${PICTURES.each * 1_000_000}, 1);
    Buffer.from('${head}', 'hex').copy(bytes);
    const body = JSON.stringify({ picture: bytes.toString('base64') });
    const headers = { authorization: 'Bearer ' + process.argv[1], 'content-type': 'application/json' };
    const send = () => fetch('http://${host}:8082/v1/ai/screenshot', { method: 'POST', headers, body })
      .then(async (answer) => (await answer.text(), answer.status), () => 0);
    const said = [];
    for (let round = 0; round < ${PICTURES.rounds}; round += 1)
      said.push(...(await Promise.all(Array.from({ length: ${PICTURES.atOnce} }, send))));
    console.log(JSON.stringify(said));`;
  const said = await docker('exec', WORLD, 'node', '--input-type=module', '-e', script, key);
  const statuses = JSON.parse(said) as number[];
  const [read, busy] = [200, 429].map((wanted) => statuses.filter((status) => status === wanted).length);
  const restarts = (await docker('inspect', '--format', '{{.RestartCount}}', id)).trim();
  must(restarts === '0', `it was killed ${restarts} times with ${limit} MiB: ${said}`);
  must(read && busy && read + busy === statuses.length, `answered ${[...new Set(statuses)].join(', ')}`);
  return `${read} of ${PICTURES.each} MB read with ${limit} MiB, ${busy} told to come back`;
}
