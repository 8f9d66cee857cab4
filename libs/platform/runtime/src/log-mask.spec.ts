import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { logHash, logMask } from './log-mask.js';

const PEPPER = 'a-pepper-for-the-tests';
const SECRET = 'a "secret" with \\ in it';
const mask = logMask(PEPPER, [SECRET]);

const read = (line: object): Record<string, unknown> =>
  JSON.parse(mask(JSON.stringify(line))) as Record<string, unknown>;
const said = (msg: string): unknown => read({ msg })['msg'];

/** Text around what is masked, with all that JSON escapes. */
const around = fc.string({ unit: fc.constantFrom(' ', '(', ')', '<', '>', '"', '\\', '\n', '\t', ',', ';', '/') });
const mixedCase = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(inner, fc.boolean()).map(([value, upper]) => (upper ? value.toUpperCase() : value));
const id = mixedCase(fc.uuid());
// What ends an address in a URL or a list of fields ends it here; such addresses are legal and not met.
const address = mixedCase(fc.emailAddress()).filter((mail) => !/[/=?&]/.test(mail));

test('ids and e-mails are hashed wherever they stand, and nothing else changes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(around, id, around, address)), around, (parts, end) => {
      const given = parts.map(([a, one, b, mail]) => `${a} ${one} ${b} ${mail} `).join('') + end;
      const wanted = parts.map(
        ([a, one, b, mail]) => `${a} id:${logHash(PEPPER, one)} ${b} mail:${logHash(PEPPER, mail)} `,
      );
      expect(read({ msg: given, err: { stack: [given] }, [given]: 1 })).toEqual({
        msg: wanted.join('') + end,
        err: { stack: [wanted.join('') + end] },
        [wanted.join('') + end]: 1,
      });
    }),
    { examples: [[[['', '00000000-0000-1000-8000-000000000000', '', 'sk_a.a@a.aa']], '']] },
  );
});

test('no id survives what stands next to it, save as that of a job', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), id, fc.string({ unit: 'binary' }), (before, one, after) => {
      fc.pre(!/jobs?[ /]$/i.test(before));
      const line = mask(JSON.stringify({ msg: before + one + after }));
      expect(line.endsWith('\n')).toBe(true);
      expect(JSON.stringify(JSON.parse(line)).toLowerCase()).not.toContain(one.toLowerCase());
    }),
  );
});

test('the hash is what openssl says of the lower-case id', () => {
  const one = '0197AC3E-5B1E-7CC3-98C4-DC0C0C07398F';
  const hex = createHmac('sha256', PEPPER).update(one.toLowerCase()).digest('hex');
  expect(said(`user ${one}`)).toBe(`user id:${hex.slice(0, 12)}`);
  expect(logMask('another-pepper-for-tests')(JSON.stringify({ msg: one }))).not.toContain(hex.slice(0, 12));
});

test('requests and jobs stay readable, nothing under them does', () => {
  const [one, other] = ['0197ac3e-5b1e-7cc3-98c4-dc0c0c07398f', '0197ac3e-5b1e-7cc3-98c4-dc0c0c073990'];
  const line = {
    req: { id: one, path: `/api/jobs/${one}/retry` },
    reqId: one,
    job: one,
    msg: `take-in, job ${one} failed`,
  };
  expect(read(line)).toEqual(line);
  const hash = `id:${logHash(PEPPER, other)}`;
  expect(read({ res: { id: other }, id: other, req: { id: one, path: `/api/accounts/${other}` } })).toEqual({
    res: { id: hash },
    id: hash,
    req: { id: one, path: `/api/accounts/${hash}` },
  });
});

test.each([
  ['Key (email)=(Ada@Example.org) exists', `Key (email)=(mail:${logHash(PEPPER, 'ada@example.org')}) exists`],
  ['?to=ada%40example.org&x', `?to=mail:${logHash(PEPPER, 'ada@example.org')}&x`],
  ['mail to ünï@müller.example.', `mail to mail:${logHash(PEPPER, 'ünï@müller.example')}.`],
  ['at node_modules/@nestjs/core/index.js, pino@10.4.0', 'at node_modules/@nestjs/core/index.js, pino@10.4.0'],
  ['postgres://scani:p@ss.word@db.example:5432/scani', 'postgres://[hidden]@db.example:5432/scani'],
  ['listening on http://127.0.0.1:3001', 'listening on http://127.0.0.1:3001'],
  ['authorization: Bearer abc.def-ghi', 'authorization: [hidden]'],
  ['cookie scani_session=abc.def; x', 'cookie [hidden]; x'],
  ['key scani_sk_0123456789ab_a-b_C9, again', 'key [hidden], again'],
  ['{"token":"abc","a":1}', '{"token":"[hidden]","a":1}'],
  ['Failing row contains (x, 12.50, Ada).', 'Failing row contains [hidden].'],
  [`it was ${SECRET}`, 'it was [hidden]'],
])('%j is said as %j', (given, wanted) => {
  expect(said(given)).toBe(wanted);
});

test('what is under the name of a secret is hidden whatever it is', () => {
  const line = {
    password: 'x',
    headers: { Authorization: ['x'], 'set-cookie': 'x' },
    apiKey: { a: 'x' },
    accessToken: 7,
    parameters: ['x'],
  };
  expect(JSON.stringify(read(line))).not.toMatch(/"x"|7/);
});

test('a long text without an address is done in one go', () => {
  const long = 'a'.repeat(1_000_000);
  expect(said(long)).toBe(long);
});
