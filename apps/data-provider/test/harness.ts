import 'reflect-metadata';
import { CLOUD_LIMITS, CloudClient } from '@scani/cloud';
import { createDataProvider } from '../src/data-provider.app.js';
import { readSettings } from '../src/env.js';
import type { OutsideOptions } from '../src/outside/outside.js';
// The world is a tool, not a project on a shelf.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';

// Every application listens for signals; a file of tests starts many.
process.setMaxListeners(100);

export const KEY = 'key-of-this-house-0123456789';

export interface Running {
  url: string;
  client: CloudClient;
  close(): Promise<void>;
}

export interface Stage extends Running {
  world: OutsideWorld;
}

/** The real application on a free port. */
export async function startDataProvider(
  settings: Record<string, string>,
  options: OutsideOptions = {},
): Promise<Running> {
  const env = readSettings({
    DATA_PROVIDER_API_KEY: KEY,
    LOG_ID_PEPPER: 'a-pepper-for-the-tests',
    LOG_LEVEL: 'silent',
    ...settings,
  });
  const app = await createDataProvider(env, options);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const client = new CloudClient({ url, apiKey: KEY }, { ...CLOUD_LIMITS, attempts: 1 });
  return { url, client, close: () => app.close() };
}

/** The application with a world of its own around it. */
export async function startStage(
  options: OutsideOptions = {},
  settings: Record<string, string> = {},
  now: () => number = Date.now,
): Promise<Stage> {
  const world = await startOutsideWorld({ now });
  const running = await startDataProvider(
    { ...world.urls, COINGECKO_PER_MINUTE: '10000', YAHOO_PER_MINUTE: '10000', ...settings },
    { now: () => new Date(now()), ...options },
  );
  return {
    ...running,
    world,
    close: async () => {
      await running.close();
      await world.close();
    },
  };
}

export const ask = (
  running: Running,
  path: string,
  init: RequestInit = {},
  key: string | undefined = KEY,
): Promise<Response> =>
  fetch(running.url + path, {
    ...init,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  });

export const post = (running: Running, path: string, body: unknown): Promise<Response> =>
  ask(running, path, { method: 'POST', body: JSON.stringify(body) });
