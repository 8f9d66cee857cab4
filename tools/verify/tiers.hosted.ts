import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Certificates } from './certificates.ts';

export interface Crossed {
  method: string;
  path: string;
  /** The bearer that came along. */
  key: string;
  headers: Record<string, string>;
  body: string;
  status: number;
}

/** `limited` answers as a data-provider does whose key is over its hourly quota; `gone` takes no connection. */
export type Mood = 'open' | 'slow' | 'limited' | 'gone';

const SLOW_MS = 3_000;
const RETRY_AFTER_SECONDS = 4;

/** A hosted data-provider as its customers see it: over TLS. Writes down all that crosses, and can be in a bad mood. */
export class HostedSide {
  readonly crossed: Crossed[] = [];
  private mood: Mood = 'open';
  private readonly target: number;
  private readonly files: Certificates;
  private readonly host: string;
  private server: ReturnType<typeof createServer> | undefined;
  private port = 0;

  constructor(target: number, files: Certificates, host: string) {
    this.target = target;
    this.files = files;
    this.host = host;
  }

  get url(): string {
    return `https://${this.host}:${this.port}`;
  }

  async listen(): Promise<void> {
    const { cert, key } = this.files;
    const files = { cert: readFileSync(cert), key: readFileSync(key) };
    this.server = createServer(files, (asked, answer) => void this.pass(asked, answer));
    this.server.listen(this.port, this.host);
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async set(mood: Mood): Promise<void> {
    const before = this.mood;
    this.mood = mood;
    if (mood === 'gone') await this.close();
    else if (before === 'gone') await this.listen();
  }

  async close(): Promise<void> {
    const closed = this.server && once(this.server, 'close');
    this.server?.close();
    this.server?.closeAllConnections();
    await closed;
    this.server = undefined;
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { authorization, ...rest } = asked.headers;
    const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
    const { method = 'GET', url: path = '/' } = asked;
    const key = (authorization ?? '').replace(/^Bearer /, '');
    const note: Crossed = { method, path, key, headers, body: body.toString(), status: 0 };
    this.crossed.push(note);
    if (this.mood === 'limited') {
      note.status = 429;
      answer.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': String(RETRY_AFTER_SECONDS) });
      answer.end(
        JSON.stringify({ code: 'over-hourly-quota', detail: 'All units of this hour are used.', status: 429 }),
      );
      return;
    }
    if (this.mood === 'slow') await pause(SLOW_MS);
    const on = request({ host: '127.0.0.1', port: this.target, method, path, headers: asked.headers }, (said) => {
      note.status = said.statusCode ?? 0;
      answer.writeHead(note.status, said.headers);
      said.pipe(answer);
    });
    on.on('error', () => {
      note.status = 502;
      answer.writeHead(502).end();
    });
    on.end(body);
  }
}
