import fc from 'fast-check';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { fragment, optional, readEnv, text, url } from './env.js';
import { liveOf, watchSecrets } from './secret-files.js';

const some = fragment('some', {
  KEY: text({ description: 'Key.', secret: true, minLength: 4 }),
  PLACE: optional(url({ description: 'Place with a password.', secret: true, protocols: ['smtp:'] })),
  OTHER: optional(text({ description: 'Nobody takes it while running.', secret: true })),
});

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'scani-secrets-'));
}

/** Watches what is in the folder, and keeps what is said. */
function watched(names: Record<string, string>) {
  const env = readEnv([some], names);
  const said: string[] = [];
  const log = { log: (line: string) => void said.push(line), warn: (line: string) => void said.push(`! ${line}`) };
  return { env, said, watch: () => stops.push(watchSecrets(env, { everyMs: 5, log })) };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(2);
}

/** What kubelet does with a mounted Secret: a new folder, and one rename of the link to it. */
function swap(mount: string, version: string, contents: Record<string, string>): void {
  mkdirSync(join(mount, version));
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(mount, version, name), content);
  symlinkSync(version, join(mount, '..data_tmp'));
  renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
}

test('a swap of the link that all files of a mount go through is seen, and both secrets change', async () => {
  const mount = folder();
  swap(mount, '..2026_01', { KEY: 'first\n', PLACE: 'smtp://me:one@mail' });
  for (const name of ['KEY', 'PLACE']) symlinkSync(join('..data', name), join(mount, name));
  const { env, said, watch } = watched({ KEY_FILE: join(mount, 'KEY'), PLACE_FILE: join(mount, 'PLACE') });
  const [key, place] = [liveOf(env, 'KEY'), liveOf(env, 'PLACE')];
  const heard: unknown[] = [];
  place.onChange((value) => heard.push(value));
  expect([key.current, place.current]).toEqual(['first', 'smtp://me:one@mail']);
  watch();

  swap(mount, '..2026_02', { KEY: 'second\n', PLACE: 'smtp://me:two@mail' });
  rmSync(join(mount, '..2026_01'), { recursive: true });
  await until(() => said.length === 2);
  expect([key.current, place.current]).toEqual(['second', 'smtp://me:two@mail']);
  expect(heard).toEqual(['smtp://me:two@mail']);
  expect(said).toEqual([expect.stringMatching(/^KEY has changed/), expect.stringMatching(/^PLACE has changed/)]);
});

test('whatever is written, the value is the last usable one and no line tells any of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      // Unlike any word that a log line is made of.
      fc.array(
        fc.oneof(
          fc.constantFrom(null, '', '\n'),
          fc.stringMatching(/^[0-9Z#~]{1,3}$/),
          fc.stringMatching(/^[0-9Z#~]{8,20}$/),
        ),
        { maxLength: 6 },
      ),
      async (contents) => {
        const file = join(folder(), 'key');
        writeFileSync(file, 'QQQQQQQQ');
        const { env, said, watch } = watched({ KEY_FILE: file });
        const key = liveOf(env, 'KEY');
        watch();
        let expected = 'QQQQQQQQ';
        for (const content of contents) {
          if (content === null) rmSync(file, { force: true });
          else writeFileSync(file, content);
          if (content !== null && content.length >= 4) expected = content;
          await pause(12);
        }
        await until(() => key.current === expected);
        for (const content of [...contents, 'QQQQQQQQ']) {
          if (content && content.length >= 8) expect(said.join('\n')).not.toContain(content);
        }
        stops.splice(0).forEach((stop) => stop());
      },
    ),
    { numRuns: 25 },
  );
});

test('a broken file is named once with its variable, and heals', async () => {
  const file = join(folder(), 'key');
  writeFileSync(file, 'good');
  const { env, said, watch } = watched({ KEY_FILE: file });
  const key = liveOf(env, 'KEY');
  watch();
  writeFileSync(file, '');
  await until(() => said.length > 0);
  await pause(40);
  expect(said).toEqual([expect.stringMatching(/^! KEY_FILE .* is empty: the value before it stays in use$/)]);
  unlinkSync(file);
  await until(() => said.length > 1);
  expect(said[1]).toContain('ENOENT');
  writeFileSync(file, 'better');
  await until(() => key.current === 'better');
});

test('a content that the variable refuses stays out, even where the refusal would quote it', async () => {
  const file = join(folder(), 'place');
  writeFileSync(file, 'smtp://mail');
  const { env, said, watch } = watched({ KEY: 'good', PLACE_FILE: file });
  watch();
  writeFileSync(file, 'https://a-password@mail');
  await until(() => said.length > 0);
  expect(said[0]).toContain('PLACE_FILE');
  expect(said[0]).not.toContain('a-password');
  expect(liveOf(env, 'PLACE').current).toBe('smtp://mail');
});

test('what nobody takes while running asks for a restart; so does what cannot be taken over', async () => {
  const file = join(folder(), 'other');
  writeFileSync(file, 'one');
  const { env, said, watch } = watched({ KEY: 'good', OTHER_FILE: file });
  watch();
  writeFileSync(file, 'two');
  await until(() => said.length > 0);
  expect(said).toEqual(['! OTHER has changed in its file: restart this process to use it']);
  liveOf(env, 'OTHER').onChange((value) => {
    throw new Error(`cannot use ${value}`);
  });
  writeFileSync(file, 'a-secret');
  await until(() => said.length > 1);
  expect(said[1]).toMatch(/^! OTHER .* restart this process/);
  expect(said.join()).not.toContain('a-secret');
});

test('what did not come from a file, and a copy of an environment, stay as they are', () => {
  const env = readEnv([some], { KEY: 'good' });
  expect(liveOf(env, 'KEY').current).toBe('good');
  expect(liveOf({ ...env }, 'KEY').current).toBe('good');
});
