import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { parseDocument } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import { SendMail } from '../mail.dto.js';
import { MAIL_FIXTURES } from './templates.fixtures.js';
import { isMailTemplate, MAIL_TEMPLATES, type MailData, mailOf } from './templates.js';

const asked = (template: string, data: unknown, to = 'ann@example.org'): SendMail =>
  plainToInstance(SendMail, { template, to, data });
const problems = (mail: SendMail): number =>
  validateSync(mail, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true }).length;

/** Names and attributes of all tags, without texts. */
function skeleton(html: string): string[] {
  const found: string[] = [];
  const walk = (nodes: readonly unknown[]): void => {
    for (const node of nodes as { name?: string; attribs?: Record<string, string>; children?: unknown[] }[]) {
      if (node.name !== undefined) found.push(`${node.name} ${Object.keys(node.attribs ?? {}).join(' ')}`);
      walk(node.children ?? []);
    }
  };
  walk(parseDocument(html).children);
  return found;
}

describe.each(MAIL_TEMPLATES)('%s', (template) => {
  const data = MAIL_FIXTURES[template];
  const mail = mailOf(template, data as never);

  test('its example is accepted, and both forms say the same', () => {
    expect(problems(asked(template, data))).toBe(0);
    expect(mail.text).toContain(data.link);
    expect(mail.html).toContain(`href="${data.link}"`);
    for (const word of wordsOf(data).filter((each) => each !== data.link && !/^\d{6}$|^critical$|T.*Z$/.test(each))) {
      expect(mail.text).toContain(word);
      expect(mail.html).toContain(word);
    }
  });

  test('asks nothing of anybody when it is opened, and knows dark screens', () => {
    expect(mail.html).toContain('prefers-color-scheme: dark');
    expect(mail.html).not.toMatch(
      /<(?:img|script|link|iframe|form|base|object|video|audio|svg)\b|url\(|@import|\bsrc=|\bon\w+=/i,
    );
    const links = [...mail.html.matchAll(/href="([^"]*)"/g)].map(([, link]) => link);
    expect(new Set(links)).toEqual(new Set([data.link]));
  });

  test('every field of text that ends its line is refused', () => {
    for (const path of pathsOf(data)) {
      for (const bad of ['\r\nBcc: eve@example.org', '\nx', '\rx', '\0', '\u2028x', '\u202ex', '\ud800']) {
        const wrong = structuredClone(data) as object;
        set(wrong, path, `${String(get(wrong, path))}${bad}`);
        expect(problems(asked(template, wrong)), `${path.join('.')} ${JSON.stringify(bad)}`).toBeGreaterThan(0);
      }
    }
  });
});

test.each(['sign-up', '__proto__', 'constructor', '', null, 7])('%j is no template', (word) => {
  expect(isMailTemplate(word)).toBe(false);
  expect(problems(asked(word as string, MAIL_FIXTURES['sign-in']))).toBeGreaterThan(0);
});

test.each([[], [[]], 'x', null, undefined, 7])('%j is no data', (data) => {
  for (const template of MAIL_TEMPLATES) expect(problems(asked(template, data))).toBeGreaterThan(0);
});

test.each([
  ['alert', { rows: [[]] }],
  ['alert', { rows: [null] }],
  ['alert', { rows: Array.from({ length: 26 }, () => ({ name: 'a', value: 'b' })) }],
  ['alert', { severity: 'toString' }],
  ['alert', { at: '2026-11-20\r\nx' }],
  ['digest', { total: [] }],
  ['digest', { from: '2026-11-20\n' }],
  ['invitation', { inviter: 'see https://evil.example' }],
  ['invitation', { inviter: 'www.evil.example' }],
  ['invitation', { link: 'https://a:b@example.org/' }],
] as const)('%s with %j is refused', (template, wrong) => {
  expect(problems(asked(template, { ...MAIL_FIXTURES[template], ...wrong }))).toBeGreaterThan(0);
});

describe('whatever is said', () => {
  const line = (maxLength: number) =>
    fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength }),
      fc.string({ unit: 'binary', minLength: 1, maxLength }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=y>',
        "' style='x",
        '&amp;',
        '\r\nBcc: eve@x.example',
      ),
    );
  const row = fc.record({ name: line(80), value: line(120), about: line(120) }, { requiredKeys: ['name', 'value'] });
  const alert = fc.record({ title: line(120), summary: line(600), rows: fc.array(row, { maxLength: 5 }) });

  test('what is accepted stays one line of a header, and is text and not markup', () => {
    let accepted = 0;
    fc.assert(
      fc.property(alert, (said) => {
        const data = { ...MAIL_FIXTURES.alert, ...said };
        if (problems(asked('alert', data)) > 0) return;
        accepted += 1;
        const mail = mailOf('alert', data);
        expect(mail.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        const plain = mailOf('alert', {
          ...data,
          title: 'x',
          summary: 'x',
          rows: data.rows.map((each) => ({
            name: 'x',
            value: 'x',
            ...(each.about === undefined ? {} : { about: 'x' }),
          })),
        });
        expect(skeleton(mail.html)).toEqual(skeleton(plain.html));
      }),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

test('the largest mail is shown whole: programs cut what is longer than 102 kB', () => {
  const row = { name: '"'.repeat(80), value: '"'.repeat(120), about: '"'.repeat(120) };
  const link = `https://example.org/${'&'.repeat(1_900)}`;
  const rows = Array.from({ length: 25 }, () => row);
  const largest: { [T in 'alert' | 'digest']: MailData[T] } = {
    alert: { ...MAIL_FIXTURES.alert, link, title: '"'.repeat(120), summary: '"'.repeat(600), rows },
    digest: { ...MAIL_FIXTURES.digest, link, total: row, rows, reason: '"'.repeat(300) },
  };
  for (const template of Object.keys(largest) as (keyof typeof largest)[]) {
    expect(problems(asked(template, largest[template]))).toBe(0);
    expect(Buffer.byteLength(mailOf(template, largest[template] as never).html)).toBeLessThan(102_000);
  }
});

const wordsOf = (data: object): string[] => pathsOf(data).map((path) => String(get(data, path)));

function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]));
}

const get = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce((at, key) => (at as Record<string | number, unknown>)[key], value);

function set(value: object, path: readonly (string | number)[], to: unknown): void {
  (get(value, path.slice(0, -1)) as Record<string | number, unknown>)[path.at(-1) ?? ''] = to;
}
