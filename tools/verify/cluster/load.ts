import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

export interface Loaded {
  asked: number;
  failed: string[];
  /** Asked on a kept connection that was just being closed, and so again on a new one, as every gateway does. */
  again: number;
}

/** Asks so often on connections that are kept, as a gateway does, until the work is over. */
export async function underLoad(url: string, perSecond: number, work: () => Promise<unknown>): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const failed: string[] = [];
  let asked = 0;
  let again = 0;
  const over = new AbortController();
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      asked += 1;
      const note = (why: string): void => {
        failed.push(why);
        resolve();
      };
      const request = get(url, { agent, timeout: 10_000 }, (answer) => {
        answer.resume();
        answer.once('end', () => (answer.statusCode === 200 ? resolve() : note(String(answer.statusCode))));
        answer.once('error', (error) => note(error.message));
      });
      request.once('timeout', () => request.destroy(new Error('timeout')));
      request.once('error', (error: NodeJS.ErrnoException) => {
        if (!request.reusedSocket || error.code !== 'ECONNRESET') return note(error.message);
        again += 1;
        void ask().then(resolve);
      });
    });
  const pending: Promise<void>[] = [];
  const loop = (async () => {
    while (!over.signal.aborted) {
      pending.push(ask());
      await wait(1_000 / perSecond);
    }
  })();
  try {
    await work();
  } finally {
    over.abort();
    await loop;
    await Promise.all(pending);
    agent.destroy();
  }
  return { asked, failed, again };
}
