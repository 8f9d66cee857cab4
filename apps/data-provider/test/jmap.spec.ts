import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
// The world is a tool, not a project on a shelf.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { type JmapServer, type JmapTrouble, startJmapServer } from '../../../tools/outside-world/jmap.ts';
import { type Running, startDataProvider } from './harness.js';

const data = { link: 'https://scani.example.org/x#token=abc', code: '012345', linkMinutes: 15, codeMinutes: 5 };
const mail = { template: 'sign-in', to: 'ann@example.org', data } as const;

let server: JmapServer;
let running: Running;

const start = (settings: Record<string, string> = {}): Promise<Running> =>
  startDataProvider({ FASTMAIL_API_TOKEN: server.token, FASTMAIL_URL: server.url, ...settings });

/** With a data-provider of its own. */
async function using(settings: Record<string, string>, work: (own: Running) => Promise<void>): Promise<void> {
  const own = await start(settings);
  try {
    await work(own);
  } finally {
    await own.close();
  }
}

beforeAll(async () => {
  server = await startJmapServer();
  running = await start();
});
beforeEach(() => {
  server.submitted.length = 0;
  server.calls.length = 0;
});
afterAll(async () => {
  await running.close();
  await server.close();
});

test('a mail is submitted, and no copy of it stays in the account', async () => {
  await running.client.sendMail(mail);
  expect(server.submitted).toMatchObject([
    {
      from: [{ name: 'Scani at home', email: 'scani@example.org' }],
      to: [{ name: null, email: 'ann@example.org' }],
      subject: 'Sign in to Scani',
      headers: { 'Auto-Submitted': 'auto-generated' },
      envelope: { mailFrom: { email: 'scani@example.org' }, rcptTo: [{ email: 'ann@example.org' }] },
    },
  ]);
  expect(server.submitted[0]?.text).toContain('012 345');
  expect(server.submitted[0]?.html).toContain('prefers-color-scheme: dark');
  expect(server.lying()).toBe(0);
});

test('session, identities and mailboxes are asked for once', async () => {
  await using({}, async (own) => {
    const before = server.sessionsAsked();
    await own.client.sendMail(mail);
    await own.client.sendMail(mail);
    expect(server.sessionsAsked() - before).toBe(1);
    expect(server.calls.filter((name) => name === 'Identity/get')).toHaveLength(1);
  });
});

describe('who it is from', () => {
  test.each([
    ['Scani <MARA@example.net>', { name: 'Scani', email: 'MARA@example.net' }],
    ['mara@example.net', { name: 'Mara', email: 'mara@example.net' }],
    // Any address of a domain, RFC 8621, 6: an identity for all of it.
    ['Scani <anything@example.org>', { name: 'Scani', email: 'anything@example.org' }],
  ])('SMTP_FROM=%s', async (SMTP_FROM, from) => {
    await using({ SMTP_FROM }, async (own) => {
      await own.client.sendMail(mail);
      expect(server.submitted).toMatchObject([{ from: [from], envelope: { mailFrom: { email: from.email } } }]);
    });
  });

  test('an address that the account does not have: said by name, in answer and readiness', async () => {
    await using({ SMTP_FROM: 'somebody@elsewhere.example' }, async (own) => {
      await expect(own.client.sendMail(mail)).rejects.toMatchObject({
        problem: 'mail-not-sent',
        message: expect.stringContaining('no identity with the address of SMTP_FROM') as string,
      });
      const ready = (await (await fetch(`${own.url}/readyz`)).json()) as { details: Record<string, unknown> };
      expect(ready.details['mail']).toMatchObject({ state: 'degraded' });
    });
  });
});

test('Fastmail wins over SMTP, which is not even tried', async () => {
  await using({ SMTP_URL: 'smtp://127.0.0.1:1', SMTP_FROM: 'scani@example.org' }, async (own) => {
    expect(await own.client.capabilities()).toMatchObject({ mail: true });
    await own.client.sendMail(mail);
    expect(server.submitted).toHaveLength(1);
  });
});

describe('trouble', () => {
  const cases: [JmapTrouble, { code: string; problem: string; retryAfterSeconds?: number }, string?][] = [
    [
      { at: 'api', status: 500 },
      { code: 'failed', problem: 'mail-not-sent', retryAfterSeconds: 60 },
    ],
    [
      { at: 'api', status: 503, retryAfterSeconds: 9 },
      { code: 'limited', problem: 'mail-server-limit', retryAfterSeconds: 9 },
    ],
    [
      { at: 'api', status: 429, retryAfterSeconds: 7 },
      { code: 'limited', problem: 'mail-server-limit', retryAfterSeconds: 7 },
    ],
    [{ at: 'api', status: 403 }, { code: 'failed', problem: 'mail-not-sent' }, 'scopes'],
    [
      { at: 'api', requestError: 'limit' },
      { code: 'limited', problem: 'mail-server-limit', retryAfterSeconds: 60 },
    ],
    [
      { at: 'api', requestError: 'unknownCapability' },
      { code: 'failed', problem: 'mail-not-sent' },
      'unknownCapability',
    ],
    [
      { at: 'api', method: 'Email/set', methodError: 'serverFail' },
      { code: 'failed', problem: 'mail-not-sent' },
      'serverFail',
    ],
    [
      { at: 'api', method: 'EmailSubmission/set', methodError: 'serverUnavailable' },
      { code: 'failed', problem: 'mail-not-sent' },
    ],
    [
      { at: 'api', method: 'Email/set', notCreated: 'overQuota' },
      { code: 'failed', problem: 'mail-not-sent' },
      'overQuota',
    ],
    [
      { at: 'api', method: 'EmailSubmission/set', notCreated: 'forbiddenFrom' },
      { code: 'failed', problem: 'mail-not-sent' },
      'SMTP_FROM',
    ],
    [
      { at: 'api', method: 'EmailSubmission/set', notCreated: 'forbiddenToSend' },
      { code: 'failed', problem: 'mail-not-sent' },
    ],
    [
      { at: 'api', method: 'EmailSubmission/set', notCreated: 'rateLimit' },
      { code: 'limited', problem: 'mail-server-limit' },
    ],
    [
      { at: 'api', method: 'EmailSubmission/set', notCreated: 'invalidRecipients' },
      { code: 'refused', problem: 'mail-refused' },
    ],
    [
      { at: 'api', method: 'EmailSubmission/set', notCreated: 'tooLarge' },
      { code: 'refused', problem: 'mail-refused' },
    ],
    [
      { at: 'api', method: 'EmailSubmission/set', notCreated: 'no such word\r\nx' },
      { code: 'failed', problem: 'mail-not-sent' },
      'unknown',
    ],
    [
      { at: 'api', bounce: '550 5.1.1 no such user' },
      { code: 'refused', problem: 'mail-refused' },
    ],
    [{ at: 'api', silent: 'EmailSubmission/set' }, { code: 'failed', problem: 'mail-not-sent' }, 'no-answer'],
    [{ at: 'api', silent: 'Email/set' }, { code: 'failed', problem: 'mail-not-sent' }, 'no-answer'],
    [{ at: 'api', body: '<html>' }, { code: 'failed', problem: 'mail-not-sent' }, 'FASTMAIL_URL'],
    [{ at: 'api', body: 'null' }, { code: 'failed', problem: 'mail-not-sent' }, 'FASTMAIL_URL'],
  ];

  test.each(cases)('%j', async (trouble, answer, said = '') => {
    // Who sends and from where is known: the trouble is with this mail.
    await running.client.sendMail({ ...mail, to: `before-${server.submitted.length}@example.org` });
    const sent = server.submitted.length;
    server.trouble(trouble);
    const failure = running.client.sendMail({ ...mail, to: 'bob@example.org' });
    await expect(failure).rejects.toMatchObject({ ...answer, message: expect.stringContaining(said) as string });
    if (!('silent' in trouble)) expect(server.submitted).toHaveLength(sent);
    // The one of which Email/set said nothing cannot be found again.
    if (!('silent' in trouble)) expect(server.lying()).toBe(0);
  });

  test('a token that is not taken is called by its name', async () => {
    await using({ FASTMAIL_API_TOKEN: 'fmu1-of-yesterday' }, async (own) => {
      await expect(own.client.sendMail(mail)).rejects.toMatchObject({
        problem: 'mail-not-sent',
        message: expect.stringContaining('FASTMAIL_API_TOKEN is not accepted') as string,
      });
    });
  });

  test('a token that may not send is told apart', async () => {
    const { scopes } = server;
    server.scopes = scopes.slice(0, 2);
    await using({}, async (own) => {
      await expect(own.client.sendMail(mail)).rejects.toMatchObject({
        message: expect.stringContaining('needs the scopes') as string,
      });
      server.scopes = scopes;
      // Nothing of the trouble is remembered.
      await own.client.sendMail(mail);
    });
  });

  test('the token is not sent where another protocol or login is', async () => {
    const { apiUrl } = server;
    server.apiUrl = apiUrl.replace('http://', 'http://eve:secret@');
    await using({}, async (own) => {
      await expect(own.client.sendMail(mail)).rejects.toMatchObject({ problem: 'mail-not-sent' });
      expect(server.calls).toEqual([]);
    });
    server.apiUrl = apiUrl;
  });

  test('neither the token nor an address is in what is said', async () => {
    server.trouble({ at: 'api', method: 'EmailSubmission/set', notCreated: 'invalidRecipients' });
    const failure = (await running.client.sendMail(mail).catch((error: unknown) => error)) as Error;
    expect(failure.message).not.toContain('ann@example.org');
    expect(failure.message).not.toContain(server.token);
  });
});
