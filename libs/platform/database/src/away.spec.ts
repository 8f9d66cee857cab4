import { expect, test } from 'vitest';
import { cannotConnect, connectionTrouble, databaseAway } from './away.js';

const coded = (code: string, message = 'no'): Error => Object.assign(new Error(message), { code });

test.each([
  coded('ECONNREFUSED'),
  coded('57P01', 'terminating connection due to administrator command'),
  coded('53300'),
  coded('08P01', 'server login has been failing'),
  coded('25006', 'cannot execute INSERT in a read-only transaction'),
  new Error('Connection terminated unexpectedly'),
  new Error('timeout exceeded when trying to connect'),
  new AggregateError([coded('ECONNREFUSED')]),
  { driverError: coded('ECONNRESET') },
])('%j is a database that is away', (error) => {
  expect(databaseAway(error)).toMatchObject({ status: 503, code: 'database-away' });
});

test.each([coded('23505'), coded('42P01'), coded('22P02'), new Error('Connection is fine'), null, 'ECONNREFUSED'])(
  '%j is not',
  (error) => {
    expect(databaseAway(error)).toBeUndefined();
  },
);

test.each([
  ['28P01', 'refuses the user or the password in DATABASE_URL'],
  ['3D000', 'check the name in DATABASE_URL'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'sslrootcert in DATABASE_URL'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'sslrootcert in DATABASE_URL'],
  ['ENOTFOUND', 'cannot be reached (ENOTFOUND): check DATABASE_URL'],
])('%s names what to look at', (code, words) => {
  expect(cannotConnect(coded(code))).toBe(true);
  expect(connectionTrouble(coded(code))).toContain(words);
});
