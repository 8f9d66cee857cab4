import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries
import { apiEnv } from '../../api/src/env.js';
// eslint-disable-next-line @nx/enforce-module-boundaries
import { outsideEnv } from '../../data-provider/src/env.js';
import { workerProcessEnv } from '../src/env.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What speaks to platform services and mail servers; only the data-provider may have it. */
const OUTSIDE = ['@scani/providers', '@nestjs-modules/mailer', 'nodemailer'];

interface Package {
  name: string;
  dependencies?: Record<string, string>;
}
const packages = new Map(
  globSync('{apps,libs}/**/package.json', { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' })
    .map((file) => join(root, file))
    .map((file) => [JSON.parse(readFileSync(file, 'utf8')) as Package, join(file, '..')] as const)
    .map(([one, at]) => [one.name, { ...one, at }]),
);

/** The lib itself and all that it stands on, by name; foreign ones are not followed. */
function standsOn(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const needed of Object.keys(packages.get(name)?.dependencies ?? {})) standsOn(needed, found);
  return found;
}

function imported(name: string): string[] {
  const at = packages.get(name)?.at;
  if (at === undefined || !existsSync(join(at, 'src'))) return [];
  return globSync('src/**/*.ts', { cwd: at })
    .filter((file) => !file.endsWith('.spec.ts') && !file.includes('/testing/'))
    .flatMap((file) =>
      [...readFileSync(join(at, file), 'utf8').matchAll(/(?:from|import\()\s*'([^'.][^']*)'/g)].map(([, what]) => what),
    )
    .filter((what) => what !== undefined);
}

test.each(['@scani/api', '@scani/worker'])('%s stands on nothing that speaks to services with platform keys', (app) => {
  const all = standsOn(app);
  expect(all.size).toBeGreaterThan(10);
  expect(OUTSIDE.filter((one) => all.has(one))).toEqual([]);
  const used = [...all].flatMap((name) => imported(name).map((what) => ({ name, what })));
  expect(used.length).toBeGreaterThan(100);
  expect(used.filter(({ what }) => OUTSIDE.some((one) => what === one || what.startsWith(`${one}/`)))).toEqual([]);
});

test('the data-provider does: the test looks in the right place', () => {
  expect(standsOn('@scani/data-provider')).toContain('@scani/providers');
  expect(imported('@scani/data-provider')).toContain('@scani/providers');
});

test.each([
  ['api', apiEnv],
  ['worker', workerProcessEnv],
] as const)('the %s reads no provider key and no mail setting', (_app, fragments) => {
  const own = new Set(fragments.flatMap(({ fields }) => Object.keys(fields)));
  const outside = outsideEnv.flatMap(({ fields }) => Object.keys(fields));
  expect(outside).toContain('SMTP_URL');
  expect(outside.filter((name) => own.has(name))).toEqual([]);
});
