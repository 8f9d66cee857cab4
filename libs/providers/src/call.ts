import { parseExact } from './exact-json.js';
import { type HttpAnswer, type HttpRequest, type Lent, ProviderError, type ProviderErrorCode } from './provider.js';

/** Asks for a path with a query; what is undefined is left out. */
export async function call(
  provider: string,
  lent: Lent,
  base: string,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const url = new URL(base + path);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return send(provider, lent, { url: url.href, headers });
}

/** The answer of any status to a request for JSON. Throws ProviderError where there is none. */
export async function send(provider: string, lent: Lent, request: Omit<HttpRequest, 'signal'>): Promise<HttpAnswer> {
  try {
    return await lent.http({
      ...request,
      headers: { accept: 'application/json', ...request.headers },
      signal: lent.signal,
    });
  } catch (error) {
    throw error instanceof ProviderError ? error : transportError(provider, error);
  }
}

/** The text of an answer with status 200. Throws ProviderError for any other. */
export function textBodyOf(provider: string, answer: HttpAnswer, now: Date): string {
  if (answer.status !== 200) throw statusError(provider, answer, now);
  return answer.text;
}

/** The JSON of an answer with status 200. Throws ProviderError for any other. */
export function bodyOf(provider: string, answer: HttpAnswer, now: Date): unknown {
  const text = textBodyOf(provider, answer, now);
  try {
    return parseExact(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProviderError(provider, 'malformed', 'the answer is not JSON');
  }
}

export function malformed(provider: string, what: string): ProviderError {
  return new ProviderError(provider, 'malformed', `the answer has no ${what}`);
}

const BY_STATUS: Readonly<Record<number, ProviderErrorCode>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  429: 'limited',
};

function statusError(provider: string, answer: HttpAnswer, now: Date): ProviderError {
  const code = BY_STATUS[answer.status] ?? 'failed';
  return new ProviderError(
    provider,
    code,
    `answered ${answer.status}`,
    retryAfterOf(answer.header('retry-after'), now),
  );
}

/** Seconds until a `Retry-After`, which is a number of seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfterOf(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

function transportError(provider: string, error: unknown): ProviderError {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'timeout') return new ProviderError(provider, 'timeout', 'did not answer in time');
  if (code === 'cancelled') return new ProviderError(provider, 'cancelled', 'the caller went away');
  if (code === 'too-large') return new ProviderError(provider, 'malformed', 'the answer is too large');
  return new ProviderError(provider, 'unreachable', error instanceof Error ? error.message : 'cannot be reached');
}
