import { watchSecrets } from '@scani/runtime';
import { once } from 'node:events';
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createDataProvider } from '../src/data-provider.app.js';
import { readSettings } from '../src/env.js';
// The world is a tool, not a project on a shelf.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { startJmapServer } from '../../../tools/outside-world/jmap.ts';
import { startMailCatcher } from './mail-servers.js';

const [OLD, NEW] = ['the-first-key-of-this-house', 'the-second-key-of-this-house'];

/** Settings that lie in files, as mounted secrets do. */
function files(contents: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'scani-secrets-'));
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, `${name}.new`), content);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  for (const [name, content] of Object.entries(contents)) write(name, content);
  const names = Object.fromEntries(Object.keys(contents).map((name) => [`${name}_FILE`, join(folder, name)]));
  return { names, write };
}

async function start(names: Record<string, string>) {
  const env = readSettings({ LOG_ID_PEPPER: 'a-pepper-for-the-tests', LOG_LEVEL: 'silent', ...names });
  const app = await createDataProvider(env);
  const said: string[] = [];
  const stop = watchSecrets(env, {
    everyMs: 5,
    log: { log: (line) => void said.push(line), warn: (line) => void said.push(line) },
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    said,
    ask: (path: string, key: string, body?: unknown) =>
      fetch(url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close: async () => {
      stop();
      await app.close();
    },
  };
}

const heard = async (said: string[], name: string): Promise<void> => {
  while (!said.some((line) => line.startsWith(`${name} has changed`))) await pause(2);
};

test('its own key changes without a restart, and the one before it works as long as it is named', async () => {
  const { names, write } = files({ DATA_PROVIDER_API_KEY: OLD, DATA_PROVIDER_API_KEY_PREVIOUS: '' });
  const running = await start(names);
  const statuses = async () => [
    (await running.ask('/v1/capabilities', OLD)).status,
    (await running.ask('/v1/capabilities', NEW)).status,
  ];
  expect(await statuses()).toEqual([200, 401]);
  write('DATA_PROVIDER_API_KEY_PREVIOUS', OLD);
  write('DATA_PROVIDER_API_KEY', NEW);
  await heard(running.said, 'DATA_PROVIDER_API_KEY');
  await heard(running.said, 'DATA_PROVIDER_API_KEY_PREVIOUS');
  expect(await statuses()).toEqual([200, 200]);
  write('DATA_PROVIDER_API_KEY_PREVIOUS', 'another-key-that-nobody-uses');
  while ((await running.ask('/v1/capabilities', OLD)).status !== 401) await pause(5);
  expect(await statuses()).toEqual([401, 200]);
  await running.close();
});

test('mail goes through another server once SMTP_URL changes in its file', async () => {
  const [first, second] = [await startMailCatcher(), await startMailCatcher()];
  const { names, write } = files({ SMTP_URL: first.smtpUrl });
  const running = await start({ ...names, DATA_PROVIDER_API_KEY: OLD, SMTP_FROM: 'Scani <scani@example.org>' });
  const mail = {
    template: 'sign-in',
    to: 'somebody@example.org',
    data: { link: 'https://scani.example/x', code: '123456', linkMinutes: 10, codeMinutes: 10 },
  };
  expect((await running.ask('/v1/mail', OLD, mail)).status).toBe(204);
  write('SMTP_URL', second.smtpUrl);
  await heard(running.said, 'SMTP_URL');
  expect((await running.ask('/v1/mail', OLD, mail)).status).toBe(204);
  expect([await first.mails(), await second.mails()]).toMatchObject([{ length: 1 }, { length: 1 }]);
  await running.close();
  await Promise.all([first.close(), second.close()]);
});

test('a token of Fastmail that comes takes mail over from SMTP', async () => {
  const [catcher, jmap] = [await startMailCatcher(), await startJmapServer()];
  const { names, write } = files({ FASTMAIL_API_TOKEN: '' });
  const running = await start({
    ...names,
    DATA_PROVIDER_API_KEY: OLD,
    FASTMAIL_URL: jmap.url,
    SMTP_URL: catcher.smtpUrl,
    SMTP_FROM: 'Scani <scani@example.org>',
  });
  const mail = { template: 'invitation', to: 'somebody@example.org', data: { link: 'https://scani.example/x' } };
  const sent = async () => {
    expect((await running.ask('/v1/mail', OLD, mail)).status).toBe(204);
    return [(await catcher.mails()).length, jmap.submitted.length];
  };
  expect(await sent()).toEqual([1, 0]);
  write('FASTMAIL_API_TOKEN', jmap.token);
  await heard(running.said, 'FASTMAIL_API_TOKEN');
  expect(await sent()).toEqual([1, 1]);
  await running.close();
  await Promise.all([catcher.close(), jmap.close()]);
});

test('a price source is asked with the key that its file holds now', async () => {
  const keys: unknown[] = [];
  const coingecko = createServer((request, response) => {
    keys.push(request.headers['x-cg-demo-api-key']);
    response.setHeader('content-type', 'application/json').end('{"coins":[]}');
  }).listen(0, '127.0.0.1');
  await once(coingecko, 'listening');
  const url = `http://127.0.0.1:${(coingecko.address() as AddressInfo).port}`;
  const { names, write } = files({ COINGECKO_API_KEY: 'coin-one' });
  const running = await start({ ...names, COINGECKO_URL: url, YAHOO_URL: url, DATA_PROVIDER_API_KEY: OLD });
  const look = (query: string) => running.ask(`/v1/assets/search?query=${query}`, OLD);
  await look('bitcoin');
  write('COINGECKO_API_KEY', 'coin-two');
  await heard(running.said, 'COINGECKO_API_KEY');
  await look('ether');
  // Yahoo is asked too, without any key.
  expect(keys.filter(Boolean)).toEqual(['coin-one', 'coin-two']);
  await running.close();
  coingecko.close();
});
