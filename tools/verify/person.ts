import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export interface Answer<T> {
  /** 0: there was none. */
  status: number;
  ms: number;
  text: string;
  body: T & { code?: string; detail?: string };
}

const ANSWER_MS = 45_000;

interface Caught {
  to: { address: string }[];
  text: string;
}

/** Somebody with a browser. */
export class Person {
  readonly email = `${randomUUID().slice(0, 8)}@example.org`;
  private cookie = '';

  readonly base: () => string;
  private readonly mailApi: () => string;

  constructor(base: () => string, mailApi: string | (() => string)) {
    this.base = base;
    this.mailApi = typeof mailApi === 'string' ? () => mailApi : mailApi;
  }

  async ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const started = performance.now();
    const said = (status: number, text: string): Answer<T> => ({
      status,
      ms: Math.round(performance.now() - started),
      text,
      body: (text.startsWith('{') ? JSON.parse(text) : {}) as Answer<T>['body'],
    });
    try {
      const answer = await fetch(`${this.base()}${path}`, {
        method,
        signal: AbortSignal.timeout(ANSWER_MS),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(this.cookie ? { cookie: this.cookie } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const set = answer.headers.getSetCookie().find((one) => one.startsWith('scani_session='));
      if (set) this.cookie = set.split(';')[0] ?? '';
      return said(answer.status, await answer.text());
    } catch (error) {
      return said(
        0,
        error instanceof Error
          ? `${error.name}: ${String((error.cause as Error | undefined)?.message ?? error.message)}`
          : String(error),
      );
    }
  }

  /** Sends a file to the address that was given for it: of the store, or of the api where there is none. */
  async send(link: { url: string; headers: Record<string, string> }, bytes: Buffer): Promise<Response> {
    const own = link.url.startsWith('/');
    const headers = own ? { ...link.headers, cookie: this.cookie } : link.headers;
    return fetch(new URL(link.url, this.base()), { method: 'PUT', headers, body: new Uint8Array(bytes) });
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.ask('GET', path);
  }

  post<T = Record<string, unknown>>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.ask('POST', path, body);
  }

  /** What must be answered well, or the check that it belongs to has failed. */
  async must<T>(asked: Promise<Answer<T>>): Promise<T> {
    const answer = await asked;
    if (answer.status < 200 || answer.status > 299) throw new Error(`${answer.status} ${answer.text.slice(0, 200)}`);
    return answer.body;
  }

  /** Comes in by the code of a mail that a mail server has taken. */
  async signIn(patienceMs = 30_000): Promise<void> {
    const { challengeId } = await this.must(
      this.post<{ challengeId: string }>('/api/sign-in/challenges', { email: this.email }),
    );
    const code = await this.mailedCode(patienceMs);
    await this.must(this.post('/api/sign-in/code', { challengeId, code }));
  }

  async mailedCode(patienceMs: number): Promise<string> {
    for (const until = Date.now() + patienceMs; Date.now() < until; await pause(100)) {
      const all = (await (await fetch(`${this.mailApi()}/email`)).json()) as Caught[];
      const text = all.findLast((mail) => mail.to.some(({ address }) => address === this.email))?.text ?? '';
      const [, first, second] = /^(\d{3}) (\d{3})$/m.exec(text) ?? [];
      if (first && second) return first + second;
    }
    throw new Error(`no mail within ${patienceMs} ms`);
  }

  /** Hears news until `end` is called. */
  async listen(): Promise<{ heard: string[]; end(): void }> {
    const stop = new AbortController();
    const answer = await fetch(`${this.base()}/api/events`, { headers: { cookie: this.cookie }, signal: stop.signal });
    const heard: string[] = [];
    void (async () => {
      for await (const chunk of answer.body ?? []) {
        const text = Buffer.from(chunk).toString();
        heard.push(...Array.from(text.matchAll(/^event: (\w+)/gm), ([, name]) => name ?? ''));
      }
    })().catch(() => undefined);
    return { heard, end: () => stop.abort() };
  }
}
