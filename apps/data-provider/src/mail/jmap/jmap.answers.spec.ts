import { expect, test } from 'vitest';
import { MAIL, sessionOf, SUBMISSION } from './jmap.answers.js';

const session = (apiUrl: unknown, primaryAccounts: unknown = { [MAIL]: 'a', [SUBMISSION]: 'a' }): object => ({
  apiUrl,
  primaryAccounts,
  state: 's',
});

test.each([
  ['https://api.example/jmap/', 'https://mail.example/session', 'https://api.example/jmap/'],
  ['/jmap/api', 'https://mail.example/session', 'https://mail.example/jmap/api'],
  ['http://127.0.0.1:1/api', 'http://127.0.0.1:1/session', 'http://127.0.0.1:1/api'],
])('%s of %s is %s', (apiUrl, from, url) => {
  expect(sessionOf(session(apiUrl), from)).toEqual({ apiUrl: url, accountId: 'a', state: 's' });
});

test.each([
  ['a token that came by https is not sent on by http', session('http://mail.example/api'), 'not-jmap'],
  ['nor in another way', session('ftp://mail.example/api'), 'not-jmap'],
  ['nor with a login', session('https://eve:secret@mail.example/api'), 'not-jmap'],
  ['an address that is none', session('http://'), 'not-jmap'],
  ['no address', session(7), 'not-jmap'],
  ['a list', [], 'not-jmap'],
  ['nothing', null, 'not-jmap'],
  ['an account that may not send', session('https://x.example', { [MAIL]: 'a' }), 'no-account'],
  ['two accounts', session('https://x.example', { [MAIL]: 'a', [SUBMISSION]: 'b' }), 'no-account'],
])('%s', (_what, body, code) => {
  expect(() => sessionOf(body, 'https://mail.example/session')).toThrow(expect.objectContaining({ code }) as Error);
});
