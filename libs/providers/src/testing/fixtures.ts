import { readFileSync } from 'node:fs';
import type { HttpAnswer, HttpRequest, Lent } from '../provider.js';

/** The text of a fixture beside the spec. */
export const fixture = (spec: string, name: string): string =>
  readFileSync(new URL(`./fixtures/${name}.json`, spec), 'utf8');

export interface Reply {
  status?: number;
  text?: string;
  headers?: Record<string, string>;
}

/** Answers every request alike and keeps what was asked. */
export function lentReply(reply: Reply, now: string): { lent: Lent; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const answer: HttpAnswer = {
    status: reply.status ?? 200,
    text: reply.text ?? '',
    header: (name) => reply.headers?.[name],
  };
  const lent: Lent = {
    http: (request) => {
      asked.push(request);
      return Promise.resolve(answer);
    },
    now: () => new Date(now),
  };
  return { lent, asked };
}
