import { KeyRing } from '@scani/crypto';
import { rowsOf } from '@scani/database';
import { everyId, testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { logHash } from '@scani/runtime';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from './harness.js';
import { Processes } from './processes.js';

const PATIENCE_MS = 180_000;
const PEPPER = 'a-pepper-for-the-tests-of-logs';
const KEY = randomBytes(32).toString('hex');
const CLOUD_KEY = `sk_${randomBytes(16).toString('hex')}`;
const COOKIE_SECRET = randomBytes(24).toString('hex');

let db: TestDatabase;
let processes: Processes;

beforeAll(async () => {
  processes = new Processes({ LOG_LEVEL: 'trace', LOG_ID_PEPPER: PEPPER });
  processes.build('apps/api', 'apps/worker', 'apps/data-provider');
  db = await testDatabase();
}, PATIENCE_MS);
afterAll(async () => {
  await processes.stop();
  await db.drop();
});

/** Signs in with the code that the outbox holds. Returns what was secret on the way. */
async function signIn(person: Person): Promise<string[]> {
  const { body } = await person.post<{ challengeId: string }>('/api/sign-in/challenges', { email: person.email });
  const rows = await rowsOf<{ sealed: string }>(
    db.source,
    `select payload ->> 'sealed' as sealed from job where name = 'send-sign-in-mail' order by created_at`,
  );
  const mails = rows.map(({ sealed }) => JSON.parse(new KeyRing(KEY).open('sign-in-mail', sealed)) as Mail);
  const mail = mails.find(({ to }) => to === person.email);
  if (!mail) throw new Error('no mail');
  const answer = await person.post('/api/sign-in/code', { challengeId: body.challengeId, code: mail.code });
  expect(answer.status).toBe(200);
  const token = /[\w-]{20,}$/.exec(mail.link)?.[0];
  if (!token) throw new Error(`no token in ${mail.link}`);
  return [body.challengeId, token, person.cookie.split('=')[1] ?? '', ...rows.map(({ sealed }) => sealed)];
}

interface Mail {
  to: string;
  link: string;
  code: string;
}

/** Every id that the database holds, and those of jobs, which are nobody's. */
async function idsInDatabase(): Promise<{ people: string[]; jobs: Set<string> }> {
  const all = await everyId(db.source);
  // Afterwards: what was asked for meanwhile is a job as well.
  const jobs = new Set((await rowsOf<{ id: string }>(db.source, 'select id from job')).map(({ id }) => id));
  return { people: all.filter((id) => !jobs.has(id)), jobs };
}

const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await done())) await pause(50);
};

test(
  'no id, e-mail, token or key of a whole run is in what three processes say, and people are found by their hashes',
  async () => {
    const { said } = processes;
    const common = { DATABASE_URL: db.url, POSTGRES_POOL_MAX: '5', REDIS_URL: testRedisUrl(), ENCRYPTION_KEY: KEY };
    const provider = await processes.start('data-provider', { DATA_PROVIDER_API_KEY: CLOUD_KEY });
    const cloud = { SCANI_CLOUD_URL: provider, SCANI_CLOUD_API_KEY: CLOUD_KEY };
    const base = await processes.start('api', {
      ...common,
      ...cloud,
      BETTER_AUTH_SECRET: COOKIE_SECRET,
      FRONTEND_URL: 'http://scani.test',
    });
    const [ada, eve] = [new Person(base), new Person(base)];
    const secrets = [...(await signIn(ada)), ...(await signIn(eve))];
    // Only now, since it takes the sealed mails, and fails: there is no mail server.
    await processes.start('worker', { ...common, ...cloud });

    const { body: account } = await ada.post<{ id: string }>('/api/accounts', {
      name: 'Everyday',
      kind: 'asset',
      currency: 'EUR',
      institution: { name: 'Bank', kind: 'bank' },
    });
    const { body: asset } = await ada.post<{ id: string }>('/api/assets', {
      symbol: 'WINE',
      name: 'Wine',
      kind: 'private',
      decimals: 18,
    });
    const holding = await ada.post<{ id: string }>('/api/holdings', {
      accountId: account.id,
      assetId: asset.id,
      balance: '3',
      at: new Date(Date.now() - 864e5).toISOString(),
    });
    expect(holding.status).toBe(201);
    const paths = [
      `holdings/${holding.body.id}`,
      `accounts/${account.id}`,
      `transactions?holdingId=${holding.body.id}`,
    ];
    for (const person of [ada, eve]) for (const path of paths) await person.get(`/api/${path}`);
    await eve.get(`/api/nobody/${ada.email}/${encodeURIComponent(eve.email)}?token=${secrets[1]}`);
    const bytes = Buffer.from('Datum;Text;Betrag\n05.01.2026;Gehalt;2.450,00\n');
    const { body: upload } = await ada.post<{ id: string; url: string; headers: Record<string, string> }>(
      '/api/uploads',
      {
        fileName: 'statement.csv',
        size: bytes.length,
        contentType: 'text/csv',
      },
    );
    await ada.ask('PUT', upload.url, bytes, upload.headers);
    const { body: taken } = await ada.post<{ id: string }>('/api/imports', {
      accountId: account.id,
      uploadId: upload.id,
    });
    interface Import {
      state: string;
      sample: { suggestion: object };
    }
    const look = async () => (await ada.get<Import>(`/api/imports/${taken.id}`)).body;
    await until(async () => (await look()).state === 'needs-mapping');
    await ada.ask('PUT', `/api/imports/${taken.id}/mapping`, (await look()).sample.suggestion);
    await until(async () => (await look()).state === 'to-review');

    // What breaks in the database quotes statements, parameters and rows.
    const { people, jobs } = await idsInDatabase();
    await db.source.query('alter table holding rename to holding_away');
    const asked = randomUUID();
    expect((await ada.ask('GET', '/api/holdings', undefined, { 'x-request-id': asked })).status).toBe(500);
    await ada.post(`/api/imports/${taken.id}/confirmation`);
    await db.source.query('alter table sign_in_challenge rename to challenge_away');
    expect((await eve.post('/api/sign-in/challenges', { email: eve.email })).status).toBe(500);
    await until(() => / job [0-9a-f-]{36} (?:attempt 1 )?failed.*holding/.test(said['worker'] ?? ''));
    await until(() => (said['worker'] ?? '').includes('send-sign-in-mail, job '));
    await processes.stop();

    const output = Object.values(said).join('\n').toLowerCase();
    expect(people).toEqual(expect.arrayContaining([account.id, holding.body.id, taken.id]));
    const keys = [PEPPER, KEY, CLOUD_KEY, COOKIE_SECRET, db.url, ...secrets];
    const never = [...people, ada.email, eve.email, ...keys, ...keys.map(encodeURIComponent)];
    for (const word of [...never, encodeURIComponent(ada.email)]) expect(output).not.toContain(word.toLowerCase());

    const hash = (value: string): string => logHash(PEPPER, value);
    expect(said['api']).toContain(`"path":"/api/holdings/id:${hash(holding.body.id)}"`);
    expect(said['api']).toContain(`mail:${hash(ada.email)}/mail:${hash(eve.email)}`);
    expect(said['api']).toContain(`"id":"${asked}"`);
    expect([...jobs].some((id) => said['worker']?.includes(`"job":"${id}","jobName":"send-sign-in-mail"`))).toBe(true);
    expect(said['data-provider']).toContain('"method":"POST"');
  },
  PATIENCE_MS,
);
