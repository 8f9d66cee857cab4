import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BadEnv, choice, flag, fragment, integer, optional, readEnv, text, url } from './env.js';

const some = fragment('some', {
  PORT: integer({ description: 'Port.', default: '3001', min: 1, max: 65535 }),
  PLACE: url({ description: 'Place.' }),
  SECRET: text({ description: 'Secret.', secret: true, minLength: 4 }),
  MODE: choice(['open', 'closed'], { description: 'Mode.', default: 'open' }),
  LOUD: flag({ description: 'Loud.', default: 'false' }),
  EXTRA: optional(text({ description: 'Extra.' })),
});

test('reads what is set and takes defaults for the rest', () => {
  const env = readEnv([some], { PLACE: 'https://x.example/', SECRET: 'abcd', EXTRA: '' });
  expect(env).toEqual({
    PORT: 3001,
    PLACE: 'https://x.example',
    SECRET: 'abcd',
    MODE: 'open',
    LOUD: false,
    EXTRA: undefined,
  });
});

test('names every bad variable at once', () => {
  const read = () => readEnv([some], { PORT: '70000', PLACE: 'ftp://x', MODE: 'shut', LOUD: 'yes' });
  expect(read).toThrow(BadEnv);
  for (const name of ['PORT', 'PLACE', 'SECRET', 'MODE', 'LOUD']) expect(read).toThrow(new RegExp(`- ${name} `));
});

test('a secret comes from its file, and the file wins', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'scani-env-')), 'secret');
  writeFileSync(file, 'from-file\n');
  expect(readEnv([some], { PLACE: 'http://x', SECRET: 'from-env', SECRET_FILE: file }).SECRET).toBe('from-file');
  expect(() => readEnv([some], { PLACE: 'http://x', SECRET_FILE: `${file}.gone` })).toThrow(/SECRET_FILE/);
});
