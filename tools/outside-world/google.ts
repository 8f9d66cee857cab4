/**
 * Google Sheets API v4 (developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values/get) behind a token for
 * a service account (developers.google.com/identity/protocols/oauth2/service-account, "HTTP/REST"): the signature of the
 * question is checked, so the account is made here, anew in each process. Errors are google.rpc.Status in an `error`.
 */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { json, type Answer, type Asked } from './http.ts';

export const SHEET_ID = '1ScaniDemoSheet_0123456789abcdefghijklmnopqrs';
export const FOREIGN_SHEET_ID = '1SomebodyElses_0123456789abcdefghijklmnopqrst';
const EMAIL = 'scani@outside-world.iam.gserviceaccount.com';
const KEY_ID = '5f2c1d';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const HOUR_SECONDS = 3_600;

let made: { privateKey: string; tokens: Map<string, number> } | undefined;

const account = (): { privateKey: string; tokens: Map<string, number> } =>
  (made ??= {
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    tokens: new Map(),
  });

/** The file that Google would give for the account. */
export const serviceAccountFile = (): string =>
  JSON.stringify({
    type: 'service_account',
    project_id: 'outside-world',
    private_key_id: KEY_ID,
    private_key: account().privateKey,
    client_email: EMAIL,
    token_uri: 'https://oauth2.googleapis.com/token',
  });

/** Takes every token back, as Google does when a key is deleted and made anew. */
export const takeTokensBack = (): void => account().tokens.clear();

export function google(asked: Asked): Answer {
  if (asked.path === '/token') return token(asked);
  const found = /^\/v4\/spreadsheets\/([^/]+)\/values\/([^/]+)$/.exec(asked.path);
  if (!found || asked.method !== 'GET') return status(404, 'NOT_FOUND', 'Requested entity was not found.');
  return values(asked, decodeURIComponent(found[1] ?? ''), decodeURIComponent(found[2] ?? ''));
}

function token({ method, body, now }: Asked): Answer {
  const form = new URLSearchParams(body);
  if (method !== 'POST' || form.get('grant_type') !== GRANT)
    return json(400, { error: 'unsupported_grant_type', error_description: 'Invalid grant_type: ' });
  const trouble = troubleOf(form.get('assertion') ?? '', now);
  if (trouble !== undefined) return json(400, { error: 'invalid_grant', error_description: trouble });
  const text = `ya29.${account().tokens.size}.${now.toString(36)}`;
  account().tokens.set(text, now + HOUR_SECONDS * 1_000);
  return json(200, { access_token: text, expires_in: HOUR_SECONDS - 1, token_type: 'Bearer' });
}

function troubleOf(assertion: string, now: number): string | undefined {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  const key = createPublicKey(account().privateKey);
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')))
    return 'Invalid JWT Signature.';
  const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
  if (kid !== KEY_ID || alg !== 'RS256') return 'Invalid JWT Signature.';
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  if (said['iss'] !== EMAIL) return 'Invalid grant: account not found';
  if (!String(said['aud']).endsWith('/token')) return 'Invalid JWT: Failed audience check.';
  if (!String(said['scope']).includes('/auth/spreadsheets.readonly'))
    return 'Invalid OAuth scope or ID token audience provided.';
  const [issued, expires] = [Number(said['iat']), Number(said['exp'])];
  if (Math.abs(issued - now / 1_000) > 300 || expires - issued > HOUR_SECONDS)
    return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';
  return undefined;
}

function values({ headers, now, query }: Asked, sheet: string, range: string): Answer {
  const until = account().tokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
  if (until === undefined || until < now)
    return status(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  if (sheet === FOREIGN_SHEET_ID) return status(403, 'PERMISSION_DENIED', 'The caller does not have permission');
  if (sheet !== SHEET_ID) return status(404, 'NOT_FOUND', 'Requested entity was not found.');
  if (!/^[\w ']+!([A-Z]+\d*:[A-Z]+\d*)$/.test(range))
    return status(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
  if (query.get('valueRenderOption') !== 'UNFORMATTED_VALUE')
    return status(400, 'INVALID_ARGUMENT', 'only the unformatted rendering is played here');
  const body = SHEETS[range.split('!')[0] ?? ''];
  if (body === undefined) return status(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
  return { ...json(200, {}), body: `{"range":"${range}","majorDimension":"ROWS","values":${body}}` };
}

/** Numbers are written as Google writes doubles; days are counted from 1899-12-30. Odd lines are what people write. */
const SHEETS: Readonly<Record<string, string>> = {
  Prices: `[
    ["Symbol", "Name", "Kind", "Price", "Currency", "Date", "Notes"],
    ["LU0323578657", "Flossbach Multiple Opportunities", "stock", 331.27, "EUR"],
    ["PENSION", "Company pension, unit", "other", 118.4051, "chf", 46320],
    ["PENSION", "Company pension, unit", "other", 117.9, "CHF", 46300],
    ["PENSION", "Company pension, unit", "other", 119.25, "CHF", "2026-11-06", "by hand"],
    [840400, "A code of digits", "stock", 12, "USD"],
    ["BROKEN", "An error of a formula", "stock", "#N/A", "USD"],
    ["NEGATIVE", "A slip", "other", -3, "USD"],
    [],
    ["", "No symbol", "other", 1, "USD"],
    ["NOCURRENCY", "No currency", "other", 1],
    ["TOMORROW", "Of a day to come", "other", 5, "USD", 55000],
    ["SMALL", "Many decimals", "other", 0.000012345678901, "USD"]
  ]`,
  Wrong: `[["Ticker", "Value"], ["X", 1]]`,
  Empty: '[]',
};

const status = (code: number, word: string, message: string): Answer =>
  json(code, { error: { code, message, status: word } });
