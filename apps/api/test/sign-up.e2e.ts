import { openChallenge } from '@scani/identity';
import { describe, expect, test } from 'vitest';
import { testApi } from './harness.js';

/*
 * Each test has an installation of its own, one after the other: passport keeps its strategies per process.
 */

describe('the first account', () => {
  test('the first account becomes admin, the next an owner', async () => {
    const fresh = await testApi();
    expect((await fresh.person().get('/api/sign-in/options')).body).toMatchObject({
      firstAccount: true,
      signUp: 'open',
    });
    const first = await fresh.signedIn();
    expect((await first.get('/api/me')).body).toMatchObject({ role: 'admin', portfolio: 'own', hasAccounts: false });
    const second = await fresh.signedIn();
    expect((await second.get('/api/me')).body).toMatchObject({ role: 'owner' });
    await fresh.close();
  });

  test('ten first sign-ins at once make one admin', async () => {
    const fresh = await testApi();
    const people = await Promise.all(Array.from({ length: 10 }, () => fresh.signedIn()));
    const roles = await Promise.all(
      people.map(async (person) => (await person.get<{ role: string }>('/api/me')).body.role),
    );
    expect(roles.filter((role) => role === 'admin')).toHaveLength(1);
    await fresh.close();
  });
});

describe('who may have an account', () => {
  test('closed: strangers get the same answer and no mail', async () => {
    const closed = await testApi({ SIGN_UP: 'closed' });
    const admin = await closed.signedIn('admin@example.org');
    const stranger = closed.person();
    const known = await admin.post('/api/sign-in/challenges', { email: 'admin@example.org' });
    const unknown = await stranger.post('/api/sign-in/challenges', { email: stranger.email });
    expect([known.status, Object.keys(known.body)]).toEqual([unknown.status, Object.keys(unknown.body)]);
    expect(await closed.mailsTo(stranger.email)).toEqual([]);
    expect(await closed.mailsTo('admin@example.org')).toHaveLength(2);
    await closed.close();
  });

  test('invite: only invited addresses, and the invitation is marked accepted', async () => {
    const invite = await testApi({ SIGN_UP: 'invite' });
    const admin = await invite.signedIn();
    const guest = invite.person();
    await guest.post('/api/sign-in/challenges', { email: guest.email });
    expect(await invite.mailsTo(guest.email)).toEqual([]);
    expect((await admin.post('/api/admin/invitations', { email: guest.email.toUpperCase() })).status).toBe(201);
    await invite.signedIn(guest.email);
    const { body } = await admin.get<{ items: { email: string; acceptedAt: string | null }[] }>(
      '/api/admin/invitations',
    );
    expect(body.items).toMatchObject([{ email: guest.email, acceptedAt: expect.any(String) }]);
    await invite.close();
  });
});

test('whoever is invited is sent a mail, again when asked again, and none once they are in', async () => {
  const fresh = await testApi({ SIGN_UP: 'invite' });
  const admin = await fresh.signedIn();
  const guest = fresh.person();
  const invite = () => admin.post<{ id: string }>('/api/admin/invitations', { email: guest.email });
  const jobs = () =>
    fresh.db.source.query(`select payload from job where name = 'send-invitation-mail' and state = 'waiting'`);
  const { body } = await invite();
  // The address stays in its table: what waits in the outbox names nobody.
  expect(await jobs()).toEqual([{ payload: { invitationId: body.id, link: 'http://scani.test/sign-in' } }]);
  await fresh.db.source.query(`update job set state = 'completed' where name = 'send-invitation-mail'`);
  expect((await invite()).body.id).toBe(body.id);
  expect(await jobs()).toHaveLength(1);
  await fresh.db.source.query(`update job set state = 'completed' where name = 'send-invitation-mail'`);
  await fresh.signedIn(guest.email);
  await invite();
  expect(await jobs()).toEqual([]);
  await fresh.close();
});

describe('admins', () => {
  test('doors for admins stay shut for owners, and one admin is always left', async () => {
    const fresh = await testApi();
    const admin = await fresh.signedIn();
    const owner = await fresh.signedIn();
    for (const path of ['/api/admin/users', '/api/admin/invitations', '/api/admin/health', '/api/admin/dead-jobs']) {
      expect((await owner.get(path)).body).toMatchObject({ status: 403, code: 'admins-only' });
      expect((await admin.get(path)).status).toBe(200);
    }
    const { body: me } = await admin.get<{ id: string }>('/api/me');
    expect((await admin.ask('PATCH', `/api/admin/users/${me.id}`, { role: 'owner' })).body).toMatchObject({
      status: 409,
      code: 'last-admin',
    });
    await fresh.close();
  });
});

test('a link of the command line lets the first person in, once', async () => {
  const fresh = await testApi();
  const settings = { secret: 'a-secret-for-the-tests-of-32-chars', frontendUrl: 'http://scani.test' };
  const { link } = await openChallenge(fresh.db.source.manager, settings, 'ada@example.org');
  const token = link.split('#token=')[1];
  const ada = fresh.person();
  expect((await ada.post('/api/sign-in/link', { token })).status).toBe(200);
  expect((await ada.get('/api/me')).body).toMatchObject({ email: 'ada@example.org', role: 'admin' });
  expect((await fresh.person().post('/api/sign-in/link', { token })).body).toMatchObject({ code: 'link-used' });
  await fresh.close();
});
