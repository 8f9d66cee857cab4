import { importPKCS8, SignJWT } from 'jose';
import { bodyOf, call, send } from '../call.js';
import { integerOf, recordOf, textOf } from '../exact-json.js';
import { type HttpAnswer, type Lent, ProviderError } from '../provider.js';

export const NAME = 'google-sheets';

/** Whoever owns the sheet shares it with the address of this account. */
export interface ServiceAccount {
  readonly email: string;
  /** PKCS #8, as text. */
  readonly privateKey: string;
  readonly keyId: string | undefined;
}

export interface GoogleSheetsSettings {
  /** Root of the API, e.g. `https://sheets.googleapis.com`. */
  readonly url: string;
  /** Where a signed question becomes a token. */
  readonly tokenUrl: string;
  /** Of the address of the sheet; without it nothing is asked. */
  readonly spreadsheetId: string | undefined;
  /** In A1 notation, with the heading as its first row. */
  readonly range: string;
  /** Read for every token, so that it may change. Without it nothing is asked. */
  readonly account?: ServiceAccount | undefined;
}

/**
 * The account in the JSON file that Google gives for a service account, or in its base64. Throws Error that says what is
 * wrong and nothing of what is in it.
 */
export function serviceAccountOf(text: string): ServiceAccount {
  const json = text.trimStart().startsWith('{') ? text : Buffer.from(text, 'base64').toString();
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch {
    throw new Error('must be the JSON file of a service account, or its base64');
  }
  const record = recordOf(file);
  const email = textOf(record?.['client_email']);
  const privateKey = textOf(record?.['private_key']);
  if (email === undefined || privateKey === undefined)
    throw new Error('must be the file of a service account, with "client_email" and "private_key"');
  return { email, privateKey, keyId: textOf(record?.['private_key_id']) };
}

interface Token {
  readonly text: string;
  readonly account: ServiceAccount;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const SCOPE = 'https://www.googleapis.com/auth/spreadsheets.readonly';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASKED_SECONDS = 3_600;
/** A token is not used in its last minute. */
const SPARE_MS = 60_000;

/** One reader with its token, which it keeps as long as it holds. */
export class SheetReader {
  private token: Token | undefined;

  constructor(private readonly settings: GoogleSheetsSettings) {}

  get configured(): boolean {
    return this.settings.spreadsheetId !== undefined && this.settings.account !== undefined;
  }

  /**
   * The rows of the range, as they are in the cells and not as they look: numbers with a point, days as numbers
   * (Sheets API v4, spreadsheets.values.get). Throws ProviderError.
   */
  async rows(lent: Lent): Promise<unknown> {
    const { url, spreadsheetId, range } = this.settings;
    if (spreadsheetId === undefined) throw new ProviderError(NAME, 'unauthorized', 'needs a spreadsheet');
    const ask = async (): Promise<HttpAnswer> =>
      call(
        NAME,
        lent,
        url,
        `/v4/spreadsheets/${encodeURIComponent(spreadsheetId)}/values/${encodeURIComponent(range)}`,
        { majorDimension: 'ROWS', valueRenderOption: 'UNFORMATTED_VALUE', dateTimeRenderOption: 'SERIAL_NUMBER' },
        { authorization: `Bearer ${await this.tokenText(lent)}` },
      );
    let answer = await ask();
    // A token may be taken back before its time.
    if (answer.status === 401 && this.token) {
      this.token = undefined;
      answer = await ask();
    }
    return bodyOf(NAME, answer, lent.now());
  }

  private async tokenText(lent: Lent): Promise<string> {
    const { account } = this.settings;
    if (account === undefined) throw new ProviderError(NAME, 'unauthorized', 'needs a service account');
    const now = lent.now().getTime();
    if (this.token && this.token.until > now && this.token.account.privateKey === account.privateKey)
      return this.token.text;
    this.token = await this.newToken(account, lent);
    return this.token.text;
  }

  /** RFC 7523, 2.1, as Google describes it under "Using OAuth 2.0 for Server to Server Applications". */
  private async newToken(account: ServiceAccount, lent: Lent): Promise<Token> {
    const { tokenUrl } = this.settings;
    const now = lent.now().getTime();
    const body = new URLSearchParams({ grant_type: GRANT, assertion: await assertionOf(account, tokenUrl, now) });
    const answer = await send(NAME, lent, {
      url: tokenUrl,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    });
    if (answer.status === 400 || answer.status === 401)
      throw new ProviderError(NAME, 'unauthorized', 'this service account is not accepted');
    const said = recordOf(bodyOf(NAME, answer, lent.now()));
    const text = textOf(said?.['access_token']);
    const seconds = integerOf(said?.['expires_in']);
    if (text === undefined || seconds === undefined)
      throw new ProviderError(NAME, 'malformed', 'the answer has no access_token');
    return { text, account, until: now + seconds * 1_000 - SPARE_MS };
  }
}

async function assertionOf(account: ServiceAccount, audience: string, now: number): Promise<string> {
  const issued = Math.floor(now / 1_000);
  try {
    return await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(account.keyId ? { kid: account.keyId } : {}) })
      .setIssuer(account.email)
      .setAudience(audience)
      .setIssuedAt(issued)
      .setExpirationTime(issued + ASKED_SECONDS)
      .sign(await importPKCS8(account.privateKey, 'RS256'));
  } catch {
    throw new ProviderError(NAME, 'unauthorized', 'the private key of the service account cannot be used');
  }
}
