import { BadEnv } from '@scani/runtime';
import { expect, test } from 'vitest';
import { readSettings } from './env.js';

const KEY = { DATA_PROVIDER_API_KEY: 'key-of-this-house-0123456789', LOG_ID_PEPPER: 'a-pepper-for-the-tests' };

test('only the key and the pepper must be set', () => {
  expect(readSettings(KEY)).toMatchObject({
    PORT: 8082,
    COINGECKO_URL: 'https://api.coingecko.com/api/v3',
    FRANKFURTER_URL: 'https://api.frankfurter.dev/v1',
    SMTP_URL: undefined,
  });
});

test('every bad setting is named at once', () => {
  const read = () =>
    readSettings({
      PORT: 'x',
      DATA_PROVIDER_API_KEY: 'short',
      YAHOO_URL: 'ftp://x',
      SMTP_URL: 'http://x',
      SMTP_FROM: 'x',
    });
  expect(read).toThrow(BadEnv);
  for (const name of ['PORT', 'DATA_PROVIDER_API_KEY', 'YAHOO_URL', 'SMTP_URL', 'SMTP_FROM']) {
    expect(read).toThrow(new RegExp(`- ${name} `));
  }
});

test.each([{ SMTP_URL: 'smtp://localhost' }, { SMTP_FROM: 'a@b.example' }])('half of mail is a mistake: %j', (half) => {
  expect(() => readSettings({ ...KEY, ...half })).toThrow(/SMTP_URL and SMTP_FROM belong together/);
});

test.each(['Scani <a@b.example>\r\nBcc: eve@x.example', 'a@b.example, c@d.example', '<a@b.example', 'Scani'])(
  '%j is no sender',
  (from) => {
    expect(() => readSettings({ ...KEY, SMTP_URL: 'smtp://localhost', SMTP_FROM: from })).toThrow(/SMTP_FROM/);
  },
);

test.each(['Scani <scani@example.org>', 'scani@example.org', 'Scani at home <scani@localhost>'])(
  '%j is one',
  (from) => {
    expect(readSettings({ ...KEY, SMTP_URL: 'smtp://localhost', SMTP_FROM: from }).SMTP_FROM).toBe(from);
  },
);

test.each([{}, { SMTP_FROM: 'a@b.example' }, { SMTP_FROM: 'a@b.example', SMTP_URL: 'smtp://localhost' }])(
  'with a token of Fastmail the rest of mail may be %j',
  (rest) => {
    const read = readSettings({ ...KEY, FASTMAIL_API_TOKEN: 'fmu1-token', ...rest });
    expect(read).toMatchObject({ FASTMAIL_URL: 'https://api.fastmail.com/jmap/session', ...rest });
  },
);

test('issued keys need a database and a Redis; without them nothing of either is asked for', () => {
  const both = { DATABASE_URL: 'postgres://a@b.example/c', REDIS_URL: 'redis://b.example' };
  for (const given of [{}, { DATABASE_URL: both.DATABASE_URL }, { REDIS_URL: both.REDIS_URL }]) {
    expect(() => readSettings({ ...KEY, ...given, CLOUD_MANAGEMENT_ENABLED: 'true' })).toThrow(
      /CLOUD_MANAGEMENT_ENABLED needs DATABASE_URL and REDIS_URL/,
    );
  }
  expect(readSettings({ ...KEY, ...both, CLOUD_MANAGEMENT_ENABLED: 'true' })).toMatchObject(both);
  expect(readSettings(KEY)).toMatchObject({ CLOUD_MANAGEMENT_ENABLED: false, DATABASE_URL: undefined });
});
