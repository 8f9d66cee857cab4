import { CLOUD_LIMITS, CloudClient } from '@scani/cloud';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import type { JobContext } from '@scani/jobs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sendInvitationMailHandler } from './send-invitation-mail.job.js';

/** A data-provider, as far as one sees it over the wire. */
let server: Server;
let db: TestDatabase;
let cloud: CloudClient;
const asked: { path: string | undefined; body: unknown }[] = [];
let answer: { status: number; body: string } = { status: 204, body: '' };

beforeAll(async () => {
  db = await testDatabase();
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => (text += String(part)));
    request.on('end', () => {
      asked.push({ path: request.url, body: JSON.parse(text) });
      response.writeHead(answer.status, { 'content-type': 'application/problem+json' }).end(answer.body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cloud = new CloudClient({ url, apiKey: 'a-key-for-the-tests' }, { ...CLOUD_LIMITS, attempts: 1 });
});
beforeEach(() => {
  asked.length = 0;
  answer = { status: 204, body: '' };
});
afterAll(async () => {
  server.close();
  await db.drop();
});

async function invited(displayName: string | null): Promise<string> {
  const [admin, id] = [randomUUIDv7(), randomUUIDv7()];
  await db.source.query("insert into users (id, email, display_name, role) values ($1, $2, $3, 'owner')", [
    admin,
    `${admin}@example.org`,
    displayName,
  ]);
  await db.source.query('insert into invitation (id, email, created_by) values ($1, $2, $3)', [
    id,
    `guest-${id}@example.org`,
    admin,
  ]);
  return id;
}

const send = (invitationId: string): Promise<void> =>
  (
    sendInvitationMailHandler(cloud, db.source).run as unknown as (
      payload: object,
      context: JobContext,
    ) => Promise<void>
  )({ invitationId, link: 'https://scani.example.org/sign-in' }, {} as JobContext);

test('who is invited gets a mail that says by whom and where', async () => {
  const id = await invited('Mara Lindqvist');
  await send(id);
  expect(asked).toEqual([
    {
      path: '/v1/mail',
      body: {
        template: 'invitation',
        to: `guest-${id}@example.org`,
        data: { link: 'https://scani.example.org/sign-in', inviter: 'Mara Lindqvist' },
      },
    },
  ]);
});

test.each([
  ['see https://evil.example', undefined],
  ['two\r\nlines\u202e', 'two lines'],
  ['  ', undefined],
])('a person called %j is %j in the mail', async (name, inviter) => {
  await send(await invited(name));
  const body = asked[0]?.body as { template: string; data: { inviter?: string } } | undefined;
  expect([body?.template, body?.data.inviter]).toEqual(['invitation', inviter]);
});

test('an invitation that was withdrawn or accepted sends nothing', async () => {
  await send(randomUUIDv7());
  const id = await invited(null);
  await db.source.query('update invitation set accepted_at = now() where id = $1', [id]);
  await send(id);
  expect(asked).toEqual([]);
});

const problem = (status: number, code: string): typeof answer => ({
  status,
  body: JSON.stringify({ code, detail: 'because' }),
});

test('an address that is refused is not tried again; a mail server that is away is', async () => {
  const id = await invited(null);
  answer = problem(422, 'mail-refused');
  await expect(send(id)).rejects.toMatchObject({ name: 'Unrepeatable', code: 'mail-refused', detail: 'because' });
  answer = problem(503, 'mail-not-sent');
  await expect(send(id)).rejects.toMatchObject({ name: 'CloudError', code: 'failed' });
  answer = problem(404, 'not-found');
  await expect(send(id)).rejects.toMatchObject({ name: 'CloudError', code: 'refused' });
});
