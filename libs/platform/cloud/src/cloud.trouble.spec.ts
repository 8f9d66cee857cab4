import { OutboundError } from '@scani/runtime';
import { expect, test } from 'vitest';
import { CloudError } from './cloud.error.js';
import { CLOUD_REMEDIES, cloudTroubleOf } from './cloud.trouble.js';

const coded = (code: string): Error => Object.assign(new Error(code), { code });
/** As fetch, outbound and the client wrap it, one in the other. */
const network = (cause: Error): CloudError =>
  new CloudError('unreachable', 'away', {
    cause: new OutboundError('unreachable', 'away', { cause: new TypeError('fetch failed', { cause }) }),
  });
const answered = (code: CloudError['code'], status: number, problem?: string): CloudError =>
  new CloudError(code, 'said', { status, ...(problem ? { problem } : {}) });

test.each([
  [network(coded('ENOTFOUND')), 'dns'],
  [network(new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')])), 'connection-refused'],
  [network(coded('DEPTH_ZERO_SELF_SIGNED_CERT')), 'tls-authority'],
  [network(coded('ERR_TLS_CERT_ALTNAME_INVALID')), 'tls-name'],
  [network(coded('CERT_HAS_EXPIRED')), 'tls-expired'],
  [network(coded('ERR_SSL_WRONG_VERSION_NUMBER')), 'tls-other'],
  [network(coded('UND_ERR_SOCKET')), 'connection-lost'],
  [network(new Error('of an unknown kind')), 'no-way'],
  [new CloudError('unreachable', 'late', { cause: new OutboundError('timeout', 'late') }), 'timeout'],
  [answered('unauthorized', 401, 'key-revoked'), 'key-revoked'],
  [answered('unauthorized', 401), 'unauthorized'],
  [answered('forbidden', 403, 'key-scope'), 'key-scope'],
  [answered('limited', 429, 'over-monthly-quota'), 'over-monthly-quota'],
  [answered('limited', 429), 'limited'],
  [answered('refused', 404), 'not-a-data-provider'],
  [answered('refused', 404, 'not-found'), 'not-a-data-provider'],
  [answered('refused', 422, 'bad-input'), 'refused'],
  [answered('failed', 302), 'not-understood'],
  [answered('failed', 200), 'not-understood'],
  [answered('failed', 503), 'failing'],
])('%# is %s', (error, trouble) => {
  expect(cloudTroubleOf(error)).toBe(trouble);
  expect(CLOUD_REMEDIES[cloudTroubleOf(error)]).toMatch(/\.$/);
});
