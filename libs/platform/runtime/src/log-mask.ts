import { createHmac } from 'node:crypto';

const HASH_DIGITS = 12;
const HIDDEN = '[hidden]';
/** Shorter ones are words that occur everywhere. */
const SHORTEST_SECRET = 8;

const UUID = /(\bjobs?[ /])?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/gi;
// Begins where a run of such characters begins: from each of its characters the search would be quadratic.
const MAIL =
  /(?<![\p{L}\p{N}.!#$%'*+^_`{|}~-])([\p{L}\p{N}.!#$%'*+^_`{|}~-]+)(?:@|%40)((?:[\p{L}\p{N}-]+\.)+(?:xn--[\p{L}\p{N}-]+|\p{L}{2,}))/giu;
const USER_OF_URL = /(?<=:\/\/)[^\s/?#"'<>]*(?=@)/g;
// A key is long and no part of an address.
const TOKENS =
  /\b(?:(?:Bearer|Basic) +[\w.~+/=-]+|scani_session=[^\s;,"]+|(?:scani_)?sk_[\w-]{16,}(?![\w.!#$%&'*+/=?^`{|}~-]*@))/gi;
const NAMED_SECRET =
  /((?:password|passwd|secret|token|api[_-]?key|authorization|cookie)\\?["']?\s*[:=]\s*\\?["']?)([^\s"'\\,;&)}[\]]+)/gi;
const SECRET_KEY = /(?:password|passwd|secret|token|api[_-]?key|authorization|cookie|^sealed$|^parameters$)/i;
/** Postgres quotes a whole row where a check refuses it. */
const FAILING_ROW = /(?<=Failing row contains )\(.*\)/gs;
/** Where a whole value is the id of a request or a job, which are nobody's. */
const READABLE_KEYS = new Set(['reqId', 'requestId', 'job', 'jobId']);

export type Mask = (line: string) => string;

/**
 * How a person's id or e-mail is named in logs: the first 12 hex digits of HMAC-SHA256 (RFC 2104) of its lower-case
 * text under the pepper. The same in every process that has the same pepper.
 */
export function logHash(pepper: string, value: string): string {
  return createHmac('sha256', pepper).update(value.toLowerCase()).digest('hex').slice(0, HASH_DIGITS);
}

/**
 * Rewrites one JSON log line: ids (UUIDs) become `id:<hash>` and e-mails `mail:<hash>` wherever they stand, in keys, values
 * and stack traces; secrets, parameters of statements and quoted rows become `[hidden]`. Ids of requests (`req.id`) and of jobs (`job`, `job <id>`, `jobs/<id>`) stay.
 * `secrets` are values that must not appear at all; those under 8 characters are left to the other rules.
 */
export function logMask(pepper: string, secrets: readonly string[] = []): Mask {
  const text = textMask(pepper, secrets);
  const valueOf = (value: unknown, key: string, parent: string): unknown => {
    if (typeof value === 'string') {
      if (READABLE_KEYS.has(key) || (key === 'id' && parent === 'req')) return text(value, true);
      return SECRET_KEY.test(key) ? HIDDEN : text(value, false);
    }
    if (typeof value !== 'object' || value === null) return SECRET_KEY.test(key) && value !== null ? HIDDEN : value;
    if (SECRET_KEY.test(key)) return HIDDEN;
    if (Array.isArray(value)) return value.map((one) => valueOf(one, '', key));
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [text(name, false), valueOf(one, name, key)]));
  };
  return (line) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      return text(line, false);
    }
    return `${JSON.stringify(valueOf(parsed, '', ''))}\n`;
  };
}

function textMask(pepper: string, secrets: readonly string[]): (text: string, idsStay: boolean) => string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
  return (given, idsStay) => {
    let text = given;
    for (const secret of known) text = text.replaceAll(secret, HIDDEN);
    if (text.includes('://')) text = text.replace(USER_OF_URL, HIDDEN);
    text = text.replace(TOKENS, HIDDEN).replace(NAMED_SECRET, `$1${HIDDEN}`).replace(FAILING_ROW, HIDDEN);
    if (text.includes('@') || text.includes('%40')) {
      text = text.replace(MAIL, (_all, name: string, host: string) => `mail:${logHash(pepper, `${name}@${host}`)}`);
    }
    if (idsStay || !text.includes('-')) return text;
    return text.replace(UUID, (all, job: string | undefined, id: string) =>
      job === undefined ? `id:${logHash(pepper, id)}` : all,
    );
  };
}
