import { OutboundError } from '@scani/runtime';
import { type CloudError, isKeyProblem, type KeyProblem } from './cloud.error.js';

/** Why a data-provider cannot be used, as closely as it can be told from here. */
export type CloudTrouble =
  | KeyProblem
  | 'dns'
  | 'connection-refused'
  | 'connection-lost'
  | 'no-way'
  | 'timeout'
  | 'tls-authority'
  | 'tls-name'
  | 'tls-expired'
  | 'tls-other'
  | 'unauthorized'
  | 'forbidden'
  | 'limited'
  | 'not-a-data-provider'
  | 'not-understood'
  | 'failing'
  | 'refused';

/** What to do about it, in a sentence for the operator. */
export const CLOUD_REMEDIES: Readonly<Record<CloudTrouble, string>> = {
  'key-missing':
    'No key arrived: set SCANI_CLOUD_API_KEY, and let no proxy on the way take the Authorization header away.',
  'key-unknown':
    'Compare SCANI_CLOUD_API_KEY with what is known there: with your own data-provider its DATA_PROVIDER_API_KEY, with a hosted one the key that was issued to you.',
  'key-revoked': 'Ask the operator of the data-provider for a new key.',
  'key-expired': 'Ask the operator of the data-provider for a new key, or to prolong this one.',
  'key-scope': 'Ask the operator of the data-provider to allow this key what is missing.',
  'over-hourly-quota':
    'Wait until the hour is over; jobs do so by themselves. Lower WORKER_CONCURRENCY, or ask for more.',
  'over-monthly-quota':
    'Ask the operator of the data-provider for more; until then prices age and everything else works.',
  'over-cost-ceiling': 'Ask the operator of the data-provider to raise the ceiling of this key.',
  dns: 'Check the spelling of the host in SCANI_CLOUD_URL, and the DNS of this machine or container.',
  'connection-refused': 'Check host and port in SCANI_CLOUD_URL, and whether the data-provider runs.',
  'connection-lost': 'Something ends the connection: see the log of the data-provider and of proxies on the way.',
  'no-way': 'Check the route from here to it: firewalls, network policies, and whether this machine is online.',
  timeout: 'Check the way from here to it (a firewall may swallow packets), and whether it is overloaded.',
  'tls-authority':
    'Its certificate is of an authority that is not known here: give this process the file in NODE_EXTRA_CA_CERTS, or have the operator send the whole chain.',
  'tls-name': 'Its certificate is for another name: use the name that it is for in SCANI_CLOUD_URL.',
  'tls-expired': 'Its operator must renew the certificate; check the clock of this machine as well.',
  'tls-other': 'Check https:// against http:// in SCANI_CLOUD_URL, and the port.',
  unauthorized: 'Something in front of the data-provider wants other credentials: check SCANI_CLOUD_URL.',
  forbidden: 'The data-provider, or something in front of it, does not let you in: ask its operator.',
  limited: 'Wait and try again; jobs do so by themselves.',
  'not-a-data-provider':
    'SCANI_CLOUD_URL leads to something else: it is the address of the data-provider, without a path.',
  'not-understood': 'SCANI_CLOUD_URL leads to something else than a data-provider, or to one of another version.',
  failing: 'See the log of the data-provider, or tell its operator.',
  refused: 'Use the same version on both sides.',
};

const NETWORK: Readonly<Record<string, CloudTrouble>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
  UND_ERR_SOCKET: 'connection-lost',
  EHOSTUNREACH: 'no-way',
  ENETUNREACH: 'no-way',
  EHOSTDOWN: 'no-way',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-authority',
  CERT_UNTRUSTED: 'tls-authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-name',
  HOSTNAME_MISMATCH: 'tls-name',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-expired',
  EPROTO: 'tls-other',
};

export function cloudTroubleOf(error: CloudError): CloudTrouble {
  if (isKeyProblem(error.problem)) return error.problem;
  switch (error.code) {
    case 'unreachable':
      return onTheWay(error);
    case 'unauthorized':
    case 'forbidden':
    case 'limited':
      return error.code;
    case 'refused':
      return error.problem === undefined || error.about.status === 404 ? 'not-a-data-provider' : 'refused';
    case 'failed':
      return (error.about.status ?? 0) >= 500 ? 'failing' : 'not-understood';
  }
}

function onTheWay(error: CloudError): CloudTrouble {
  for (let cause: unknown = error.about.cause, depth = 0; cause !== undefined && depth < 6; depth += 1) {
    if (cause instanceof OutboundError && cause.code === 'timeout') return 'timeout';
    if (cause instanceof OutboundError && cause.code === 'too-large') return 'not-understood';
    const code = (cause as { code?: unknown } | null)?.code;
    if (typeof code === 'string' && NETWORK[code] !== undefined) return NETWORK[code];
    if (typeof code === 'string' && code.startsWith('ERR_SSL_')) return 'tls-other';
    // An address with several answers fails with all of them at once.
    const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [];
    cause = first ?? (cause as { cause?: unknown } | null)?.cause;
  }
  return 'no-way';
}
