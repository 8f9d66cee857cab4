import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, testApi, type TestApi } from './harness.js';

let api: TestApi;
beforeAll(async () => (api = await testApi()));
afterAll(() => api.close());

const challenge = async (person: Person): Promise<string> =>
  (await person.post<{ challengeId: string }>('/api/sign-in/challenges', { email: person.email })).body.challengeId;

const age = (minutes: number): Promise<unknown> =>
  api.db.source.query(
    `update sign_in_challenge set link_expires_at = link_expires_at - $1::int * interval '1 minute',
       code_expires_at = code_expires_at - $1::int * interval '1 minute'`,
    [minutes],
  );

const tokenOf = (link: string | undefined): string => link?.split('#token=')[1] ?? '';

describe('coming in', () => {
  test('a link works once, within 15 minutes', async () => {
    const person = api.person();
    await challenge(person);
    const link = (await api.mailsTo(person.email)).at(-1)?.link;
    expect(link).toMatch(/^http:\/\/scani\.test\/sign-in\/link#token=/);
    expect((await person.post('/api/sign-in/link', { token: tokenOf(link) })).status).toBe(200);
    expect((await api.person().post('/api/sign-in/link', { token: tokenOf(link) })).body).toMatchObject({
      status: 422,
      code: 'link-used',
    });

    await challenge(person);
    await age(16);
    const late = tokenOf((await api.mailsTo(person.email)).at(-1)?.link);
    expect((await person.post('/api/sign-in/link', { token: late })).body).toMatchObject({ code: 'link-expired' });
    expect((await person.post('/api/sign-in/link', { token: 'x'.repeat(43) })).body).toMatchObject({
      code: 'link-unknown',
    });
  });

  test('a code has 5 tries and 5 minutes, and works once', async () => {
    const person = api.person();
    const first = await challenge(person);
    const code = (await api.mailsTo(person.email)).at(-1)?.code ?? '';
    const wrong = code === '000000' ? '000001' : '000000';
    for (const left of [4, 3, 2, 1]) {
      expect((await person.post('/api/sign-in/code', { challengeId: first, code: wrong })).body).toMatchObject({
        code: 'code-wrong',
        triesLeft: left,
      });
    }
    expect((await person.post('/api/sign-in/code', { challengeId: first, code: wrong })).body).toMatchObject({
      code: 'code-locked',
    });
    expect((await person.post('/api/sign-in/code', { challengeId: first, code })).body).toMatchObject({
      code: 'code-locked',
    });

    const second = await challenge(person);
    await age(6);
    const late = (await api.mailsTo(person.email)).at(-1)?.code;
    expect((await person.post('/api/sign-in/code', { challengeId: second, code: late })).body).toMatchObject({
      code: 'code-expired',
    });

    const third = await challenge(person);
    const good = (await api.mailsTo(person.email)).at(-1)?.code;
    expect((await person.post('/api/sign-in/code', { challengeId: third, code: good })).status).toBe(200);
    expect((await person.post('/api/sign-in/code', { challengeId: third, code: good })).body).toMatchObject({
      code: 'code-expired',
    });
  });

  test('neither link, code nor session token is kept in the clear', async () => {
    const person = await api.signedIn();
    const { link, code } = (await api.mailsTo(person.email)).at(-1) ?? { link: '', code: '' };
    const dump = JSON.stringify(
      await Promise.all(
        ['sign_in_challenge', 'session', 'job'].map((table) => api.db.source.query(`select t::text from ${table} t`)),
      ),
    );
    expect(dump).not.toContain(tokenOf(link));
    expect(dump).not.toContain(`"${code}"`);
    expect(dump).not.toContain(decodeURIComponent(person.cookie.split('=')[1] ?? '').split('.')[0]);
  });

  test('a bad address and a bad code are named by field', async () => {
    const answer = await api.person().post('/api/sign-in/challenges', { email: 'nobody' });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      status: 422,
      code: 'bad-input',
      errors: [{ pointer: '/email', detail: 'must be an e-mail address' }],
    });
    expect((await api.person().post('/api/sign-in/code', { challengeId: 'x', code: '12' })).body).toMatchObject({
      status: 422,
      code: 'bad-input',
    });
  });

  test('too many mails to one address are refused, with the time to wait', async () => {
    const person = api.person();
    const statuses: number[] = [];
    for (let times = 0; times < 7; times += 1)
      statuses.push((await person.post('/api/sign-in/challenges', { email: person.email })).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 202, 429]);
    const refused = await person.post('/api/sign-in/challenges', { email: person.email });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('sessions', () => {
  test('are listed, revoked one by one or all the others, and ended by signing out', async () => {
    const one = await api.signedIn();
    const two = await api.signedIn(one.email);
    const three = await api.signedIn(one.email);
    const list = async (): Promise<{ id: string; current: boolean }[]> =>
      (await one.get<{ items: { id: string; current: boolean }[] }>('/api/sessions')).body.items;
    expect(await list()).toHaveLength(3);

    const mine = (await two.get<{ items: { id: string; current: boolean }[] }>('/api/sessions')).body.items.find(
      (row) => row.current,
    );
    expect((await one.ask('DELETE', `/api/sessions/${mine?.id}`)).status).toBe(204);
    expect((await two.get('/api/me')).status).toBe(401);
    expect((await one.ask('DELETE', '/api/sessions')).status).toBe(204);
    expect((await three.get('/api/me')).status).toBe(401);
    expect(await list()).toMatchObject([{ current: true }]);
    expect((await one.ask('DELETE', '/api/session')).status).toBe(204);
    expect((await one.get('/api/me')).status).toBe(401);
  });

  test('slide for 7 days and end after 30', async () => {
    const person = await api.signedIn();
    const { body } = await person.get<{ items: { id: string }[] }>('/api/sessions');
    const id = body.items[0]?.id;
    const set = (what: string): Promise<unknown> =>
      api.db.source.query(`update session set ${what} where id = $1`, [id]);
    await set(`last_seen_at = now() - interval '6 days', expires_at = now() + interval '1 hour'`);
    expect((await person.get('/api/me')).status).toBe(200);
    const [row] = (await api.db.source.query(
      `select expires_at > now() + interval '6 days' as slid from session where id = $1`,
      [id],
    )) as { slid: boolean }[];
    expect(row?.slid).toBe(true);
    await set(`ends_at = now() - interval '1 second'`);
    expect((await person.get('/api/me')).status).toBe(401);
  });

  test('the cookie is httpOnly, strict about its signature, and of no use changed', async () => {
    const person = api.person();
    const id = await challenge(person);
    const answer = await fetch(`${api.base}/api/sign-in/code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ challengeId: id, code: (await api.mailsTo(person.email)).at(-1)?.code }),
    });
    const cookie = answer.headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    person.cookie = (cookie.split(';')[0] ?? '').replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await person.get('/api/me')).status).toBe(401);
  });

  test('a page of another site changes nothing', async () => {
    const person = await api.signedIn();
    const foreign = await person.ask('PATCH', '/api/me', { displayName: 'Eve' }, { origin: 'https://evil.example' });
    expect(foreign.body).toMatchObject({ status: 403, code: 'foreign-page' });
    expect(
      (await person.ask('PATCH', '/api/me', { displayName: 'Eve' }, { 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(403);
    expect(
      (await person.ask('PATCH', '/api/me', { displayName: 'Ada' }, { origin: 'http://scani.test' })).body,
    ).toMatchObject({ displayName: 'Ada' });
  });
});

test('a request that trickles in is not waited for without end', () => {
  expect((api.app.getHttpServer() as { requestTimeout: number }).requestTimeout).toBe(300_000);
});
