import { KeyRing } from '@scani/crypto';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { connectRedis } from '@scani/jobs';
import { testRedisUrl } from '@scani/jobs/testing';
import { readEnv } from '@scani/runtime';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import { createApi } from '../src/app.js';
import { apiEnv } from '../src/env.js';

const ENCRYPTION_KEY = 'ab'.repeat(32);

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  body: T;
}

/** A person with a browser: keeps the cookie, speaks JSON. */
export class Person {
  cookie = '';
  constructor(
    private readonly base: string,
    readonly email = `${randomUUID()}@example.org`,
  ) {}

  async ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const raw = body instanceof Uint8Array;
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as RequestInit['body']) : JSON.stringify(body) }),
    });
    const set = answer.headers.getSetCookie().find((one) => one.startsWith('scani_session='));
    if (set) this.cookie = set.split(';')[0] ?? '';
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: (text.startsWith('{') ? JSON.parse(text) : {}) as T,
    };
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.ask('GET', path);
  }

  post<T = Record<string, unknown>>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.ask('POST', path, body);
  }
}

export interface Mail {
  to: string;
  link: string;
  code: string;
}

export interface TestApi {
  app: NestFastifyApplication;
  base: string;
  db: TestDatabase;
  person(email?: string): Person;
  /** What the next process would send: the sealed mails of the outbox, opened with the installation's key. */
  mailsTo(email: string): Promise<Mail[]>;
  /** A person who has come in by code. */
  signedIn(email?: string): Promise<Person>;
  close(): Promise<void>;
}

/** Limits and queues of the test before are no business of this one. */
async function forgetLimits(): Promise<void> {
  const redis = connectRedis(testRedisUrl(), 'worker');
  await redis.flushdb();
  redis.disconnect();
}

/** The whole api on a database, a Redis and a port of its own. */
export async function testApi(settings: Record<string, string> = {}): Promise<TestApi> {
  const db = await testDatabase();
  await forgetLimits();
  const app = await createApi(
    readEnv(apiEnv, {
      DATABASE_URL: db.url,
      POSTGRES_POOL_MAX: '5',
      REDIS_URL: testRedisUrl(),
      SCANI_CLOUD_URL: 'http://127.0.0.1:9',
      SCANI_CLOUD_API_KEY: 'a-key-for-the-tests',
      BETTER_AUTH_SECRET: 'a-secret-for-the-tests-of-32-chars',
      ENCRYPTION_KEY,
      LOG_ID_PEPPER: 'a-pepper-for-the-tests',
      FRONTEND_URL: 'http://scani.test',
      LOG_LEVEL: 'fatal',
      ...settings,
    }),
  );
  await app.listen(0, '127.0.0.1');
  const base = await app.getUrl();
  const keys = new KeyRing(ENCRYPTION_KEY);
  const api: TestApi = {
    app,
    base,
    db,
    person: (email) => new Person(base, email),
    mailsTo: async (email) => {
      const rows = (await db.source.query(
        `select payload ->> 'sealed' as sealed from job where name = 'send-sign-in-mail' order by created_at, id`,
      )) as { sealed: string }[];
      return rows
        .map((row) => JSON.parse(keys.open('sign-in-mail', row.sealed)) as Mail)
        .filter((mail) => mail.to === email);
    },
    signedIn: async (email) => {
      const person = api.person(email);
      const { body } = await person.post<{ challengeId: string }>('/api/sign-in/challenges', { email: person.email });
      const code = (await api.mailsTo(person.email)).at(-1)?.code;
      const answer = await person.post('/api/sign-in/code', { challengeId: body.challengeId, code });
      if (answer.status !== 200) throw new Error(`sign-in failed: ${answer.text}`);
      return person;
    },
    close: async () => {
      await app.close();
      await db.drop();
    },
  };
  return api;
}
