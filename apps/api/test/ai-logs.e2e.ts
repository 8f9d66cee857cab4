/* eslint-disable @nx/enforce-module-boundaries -- the world is a tool */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pictureSaying } from '../../../tools/outside-world/picture.ts';
import { type OutsideWorld, startOutsideWorld } from '../../../tools/outside-world/server.ts';
import { Processes } from './processes.js';

const KEY = 'a-key-for-the-tests';
const MODEL_KEY = 'sk-proj-of-nobody-0123456789abcdef';

let world: OutsideWorld;
const processes = new Processes({ LOG_ID_PEPPER: 'a-pepper-for-the-tests' });
beforeAll(async () => {
  processes.build('apps/data-provider');
  world = await startOutsideWorld();
}, 120_000);
afterAll(async () => {
  await processes.stop();
  await world.close();
});

test('neither the key of the model nor what it was shown is in any log, whatever goes wrong', async () => {
  const url = await processes.start('data-provider', {
    ...world.urls,
    DATA_PROVIDER_API_KEY: KEY,
    OPENAI_API_KEY: MODEL_KEY,
    LOG_LEVEL: 'trace',
  });
  const send = (path: string, body: object): Promise<Response> =>
    fetch(`${url}/v1/ai/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
      body: JSON.stringify(body),
    });
  const secret = 'Adas-own-secret-words';
  const picture = pictureSaying({ shows_positions: true, positions: [{ name: secret, quantity: '666,13' }] });
  const base64 = picture.toString('base64');
  expect((await send('screenshot', { picture: base64 })).status).toBe(200);
  expect((await send('document', { pages: [`03.11.2026 ${secret} -666,13`] })).status).toBe(200);
  expect((await send('column-mapping', { heading: [secret], rows: [['666,13']] })).status).toBe(200);
  for (const status of [401, 400, 500]) {
    world.fail({ service: 'openai', kind: 'status', status, times: 2 });
    expect((await send('screenshot', { picture: base64 })).status).toBe(503);
    world.heal();
  }
  await send('screenshot', { picture: `${base64}!` });
  await send('screenshot', { picture: base64, [secret]: secret });
  await processes.stop();
  const said = Object.values(processes.said).join('\n');
  expect(said).toContain('/v1/ai/screenshot');
  for (const word of [MODEL_KEY, secret, '666,13', base64.slice(0, 60)]) expect(said).not.toContain(word);
}, 60_000);
