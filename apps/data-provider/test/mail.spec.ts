import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post, type Running, startDataProvider } from './harness.js';
import { MAIL_FIXTURES } from '../src/mail/templates/templates.fixtures.js';
import { MAIL_TEMPLATES, mailOf } from '../src/mail/templates/templates.js';
import { freePort, type MailCatcher, startMailCatcher, startStubbornMailServer } from './mail-servers.js';

const FROM = 'Scani <scani@example.org>';
const data = {
  link: 'https://scani.example.org/sign-in/link#token=a-b_c&next=%2F',
  code: '012345',
  linkMinutes: 15,
  codeMinutes: 5,
};
const signIn = (to: string) => ({ template: 'sign-in', to, data }) as const;

describe('with a mail server', () => {
  let catcher: MailCatcher;
  let running: Running;
  beforeAll(async () => {
    catcher = await startMailCatcher();
    running = await startDataProvider({ SMTP_URL: catcher.smtpUrl, SMTP_FROM: FROM });
  });
  afterAll(async () => {
    await running.close();
    await catcher.close();
  });

  test('the sign-in mail arrives, in plain text and in HTML, with link and code', async () => {
    await running.client.sendMail(signIn('ann@example.org'));
    const [mail] = await catcher.mails();
    expect(mail).toMatchObject({
      subject: 'Sign in to Scani',
      from: [{ address: 'scani@example.org', name: 'Scani' }],
      to: [{ address: 'ann@example.org' }],
    });
    expect(mail?.text).toContain(data.link);
    expect(mail?.text).toContain('012 345');
    expect(mail?.text).toContain('within 15 minutes');
    expect(mail?.html).toContain('href="https://scani.example.org/sign-in/link#token=a-b_c&amp;next=%2F"');
    expect(mail?.html).toContain('012 345');
    expect(mail?.html).toContain('prefers-color-scheme: dark');
    expect(mail?.html).not.toMatch(/<img|<script|url\(/);
  });

  test('it says that it can send mail', async () => {
    expect(await running.client.capabilities()).toMatchObject({ mail: true });
    const ready = (await (await fetch(`${running.url}/readyz`)).json()) as { details: Record<string, unknown> };
    expect(ready.details['mail']).toMatchObject({ state: 'ok' });
  });

  test.each([
    'ann@example.org\r\nBcc: eve@example.org',
    'ann@example.org, eve@example.org',
    'ann@example.org;eve@example.org',
    '"Ann" <ann@example.org>',
    'ann@example.org\0',
    'ann',
    '',
  ])('%j is no receiver, and nobody gets a mail', async (to) => {
    const before = (await catcher.mails()).length;
    const response = await post(running, '/v1/mail', { template: 'sign-in', to, data });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: '/to' }] });
    expect(await catcher.mails()).toHaveLength(before);
  });

  test.each([
    [{ link: 'javascript:alert(1)' }, '/data/link'],
    [{ link: 'https://x.example/"><script>' }, '/data/link'],
    [{ code: '12345<' }, '/data/code'],
    [{ linkMinutes: 0 }, '/data/linkMinutes'],
    [{ subject: 'Hello\r\nBcc: eve@example.org' }, '/data/subject'],
  ])('%j is refused', async (wrong, pointer) => {
    const body = { template: 'sign-in', to: 'ann@example.org', data: { ...data, ...wrong } };
    const response = await post(running, '/v1/mail', body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });

  test('every template arrives, from the machine that it is', async () => {
    for (const template of MAIL_TEMPLATES) {
      const to = `${template}@example.org`;
      const answer = await post(running, '/v1/mail', { template, to, data: MAIL_FIXTURES[template] });
      expect([template, answer.status]).toEqual([template, 204]);
      const [mail] = (await catcher.mails()).filter((each) => each.envelope.to[0]?.address === to);
      expect(mail).toMatchObject({ subject: mailOf(template, MAIL_FIXTURES[template] as never).subject });
      expect(mail?.headers).toMatchObject({ 'auto-submitted': 'auto-generated' });
    }
  });

  test('a template that is not there is refused', async () => {
    const response = await post(running, '/v1/mail', { ...signIn('ann@example.org'), template: '../../etc/passwd' });
    expect(response.status).toBe(422);
  });
});

describe('without one', () => {
  test('nothing configured: a refusal that names the settings', async () => {
    const running = await startDataProvider({});
    try {
      await expect(running.client.sendMail(signIn('ann@example.org'))).rejects.toMatchObject({
        code: 'failed',
        problem: 'mail-not-configured',
        message: expect.stringContaining('SMTP_URL') as string,
      });
    } finally {
      await running.close();
    }
  });

  test('nobody listens: not sent, come back later, and readiness says so', async () => {
    const running = await startDataProvider({ SMTP_URL: `smtp://127.0.0.1:${await freePort()}`, SMTP_FROM: FROM });
    try {
      await expect(running.client.sendMail(signIn('ann@example.org'))).rejects.toMatchObject({
        code: 'failed',
        problem: 'mail-not-sent',
        retryAfterSeconds: 60,
      });
      const ready = (await (await fetch(`${running.url}/readyz`)).json()) as { details: Record<string, unknown> };
      expect(ready.details['mail']).toMatchObject({ state: 'degraded' });
    } finally {
      await running.close();
    }
  });

  test.each([
    ['RCPT TO', '550 5.1.1 no such user', 'refused', 'mail-refused'],
    ['RCPT TO', '451 4.7.1 try again', 'failed', 'mail-not-sent'],
    ['MAIL FROM', '550 5.7.1 not you', 'failed', 'mail-not-sent'],
    ['DATA', '554 5.7.1 looks like spam', 'refused', 'mail-refused'],
    ['DATA', '452 4.3.1 full', 'failed', 'mail-not-sent'],
  ])('%s answered with %s is %s', async (command, answer, code, problem) => {
    const server = await startStubbornMailServer(command, answer);
    const running = await startDataProvider({ SMTP_URL: server.smtpUrl, SMTP_FROM: FROM });
    try {
      await expect(running.client.sendMail(signIn('nobody@example.org'))).rejects.toMatchObject({ code, problem });
    } finally {
      await running.close();
      server.close();
    }
  });
});

describe('how many', () => {
  test('an address gets so many mails in an hour, and the answer says when to come back', async () => {
    const catcher = await startMailCatcher();
    const running = await startDataProvider({
      SMTP_URL: catcher.smtpUrl,
      SMTP_FROM: FROM,
      MAIL_PER_RECIPIENT_PER_HOUR: '2',
    });
    try {
      await running.client.sendMail(signIn('ann@example.org'));
      await running.client.sendMail(signIn('ANN@example.org'));
      const refused = await post(running, '/v1/mail', signIn('ann@example.org'));
      expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'mail-recipient-limit' }]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await catcher.mails()).toHaveLength(2);
    } finally {
      await running.close();
      await catcher.close();
    }
  });

  test('what the mail server did not take is not counted', async () => {
    const server = await startStubbornMailServer('RCPT TO', '451 4.7.1 try again');
    const running = await startDataProvider({
      SMTP_URL: server.smtpUrl,
      SMTP_FROM: FROM,
      MAIL_PER_RECIPIENT_PER_HOUR: '1',
    });
    try {
      for (let tries = 0; tries < 3; tries += 1)
        await expect(running.client.sendMail(signIn('ann@example.org'))).rejects.toMatchObject({
          problem: 'mail-not-sent',
        });
    } finally {
      await running.close();
      server.close();
    }
  });
});
