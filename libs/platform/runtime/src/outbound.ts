import { noteEgress } from './egress.js';
import { inSpan, type SpanFacts, traceparent } from './trace/trace.js';

/** One request to somebody else's server. */
export interface OutboundRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** Set where a process of Scani answers: the path without what is variable in it. A trace goes on there. */
  readonly ourRoute?: string;
  /** What for, in one word; else what the work says that it belongs to. */
  readonly purpose?: string;
  /** US dollars as exact decimal, from the text of the answer; undefined where it does not say. */
  costOf?(text: string): string | undefined;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

export interface OutboundLimits {
  /** From the first byte sent to the last byte received. */
  readonly timeoutMs: number;
  /** Largest body that is read. */
  readonly maxBytes: number;
  /** Who is asking, unless the request says otherwise. */
  readonly userAgent?: string;
}

export type OutboundFailure = 'timeout' | 'cancelled' | 'too-large' | 'unreachable';

/** There was no whole answer. `cancelled` means that the caller's own signal ended it. */
export class OutboundError extends Error {
  constructor(
    readonly code: OutboundFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'OutboundError';
  }
}

export type Outbound = (request: OutboundRequest) => Promise<OutboundAnswer>;

/**
 * HTTP with a bound on time and size. Redirects are answers, not followed: they could lead anywhere.
 * Resolves for every status; rejects with OutboundError when there is no whole answer.
 */
export function outbound(limits: OutboundLimits): Outbound {
  return (request) => exchange(request, limits, (body) => boundedText(body, limits.maxBytes));
}

export interface LineLimits extends OutboundLimits {
  /** Longest silence between two parts of the answer. */
  readonly quietMs: number;
}

export type OutboundLines = (
  request: OutboundRequest,
  onLine: (line: string) => Promise<void>,
) => Promise<OutboundAnswer>;

/**
 * The same for an answer that is read line by line while it comes; `maxBytes` bounds one line. Each line waits until the one
 * before it has been dealt with; what `onLine` throws ends the call and is thrown. An answer of any status but 2xx is
 * returned as text instead.
 */
export function outboundLines(limits: LineLimits): OutboundLines {
  return async (request, onLine) => {
    let broken: { readonly error: unknown } | undefined;
    const handled = (line: string): Promise<void> =>
      onLine(line).catch((error: unknown) => {
        broken = { error };
        throw error;
      });
    const quiet = new AbortController();
    try {
      return await exchange(
        request,
        limits,
        (body, ok) => (ok ? eachLine(body, limits, handled, quiet) : boundedText(body, limits.maxBytes)),
        quiet.signal,
      );
    } catch (error) {
      throw broken ? broken.error : error;
    }
  };
}

function exchange(
  request: OutboundRequest,
  limits: OutboundLimits,
  read: (body: Body, ok: boolean) => Promise<string>,
  quiet?: AbortSignal,
): Promise<OutboundAnswer> {
  const count = counted(request);
  return inSpan({ name: spanNameOf(request), kind: 'client', facts: spanFactsOf(request) }, async (tell) => {
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    const signal = AbortSignal.any([timeout, request.signal, quiet].filter((each) => each !== undefined));
    try {
      const { url, credentials } = partsOf(request.url);
      const response = await fetch(url, {
        method: request.method ?? 'GET',
        headers: {
          'user-agent': limits.userAgent ?? 'Scani',
          ...credentials,
          ...tracedOn(request),
          ...request.headers,
        },
        redirect: 'manual',
        signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      tell({ 'http.response.status_code': response.status });
      count.answer = response;
      const text = await read(count.body(response), response.ok);
      count.text = text;
      return { status: response.status, text, header: (name) => response.headers.get(name) ?? undefined };
    } catch (error) {
      throw failureOf(error, request, timeout, limits.timeoutMs);
    } finally {
      count.end();
    }
  });
}

/** fetch refuses an address with a name and a password in it (RFC 7617 says how they are sent), and repeats them in its refusal. */
function partsOf(text: string): { url: string; credentials: Record<string, string> } {
  const url = URL.parse(text);
  if (!url || (url.username === '' && url.password === '')) return { url: text, credentials: {} };
  const [name, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = url.password = '';
  return {
    url: url.href,
    credentials: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` },
  };
}

type Body = AsyncIterable<Uint8Array>;

/** A process of Scani says what a call has cost its caller. */
export const COST_HEADER = 'scani-cost';

/** What a call sends and gets, for the ledger of all that leaves. */
function counted(request: OutboundRequest): {
  answer: Response | undefined;
  text: string;
  body(response: Response): Body;
  end(): void;
} {
  const at = new Date();
  let receivedBytes = 0;
  return {
    answer: undefined,
    text: '',
    async *body(response) {
      for await (const chunk of response.body ?? []) {
        receivedBytes += chunk.byteLength;
        yield chunk;
      }
    },
    end() {
      if (!URL.canParse(request.url)) return;
      const { host, pathname, search } = new URL(request.url);
      const cost = request.ourRoute === undefined ? request.costOf?.(this.text) : this.answer?.headers.get(COST_HEADER);
      noteEgress({
        at,
        host,
        status: this.answer?.status ?? null,
        sentBytes: pathname.length + search.length + Buffer.byteLength(request.body ?? ''),
        receivedBytes,
        ms: Date.now() - at.getTime(),
        ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
        ...(cost && /^\d{1,9}(\.\d{1,12})?$/.test(cost) ? { cost } : {}),
      });
    },
  };
}

const spanNameOf = ({ method, ourRoute }: OutboundRequest): string =>
  ourRoute === undefined ? (method ?? 'GET') : `${method ?? 'GET'} ${ourRoute}`;

function spanFactsOf({ url, method, ourRoute }: OutboundRequest): SpanFacts {
  return {
    'http.request.method': method ?? 'GET',
    ...(URL.canParse(url) ? { 'server.address': new URL(url).hostname } : {}),
    ...(ourRoute === undefined ? {} : { 'http.route': ourRoute }),
  };
}

/** Foreign services are not told of our traces. */
function tracedOn({ ourRoute }: OutboundRequest): Record<string, string> {
  const parent = ourRoute === undefined ? undefined : traceparent();
  return parent === undefined ? {} : { traceparent: parent };
}

async function boundedText(body: Body, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest of the body.
    if (bytes > maxBytes) throw new OutboundError('too-large', `the answer is larger than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function eachLine(
  body: Body,
  { maxBytes, quietMs }: LineLimits,
  onLine: (line: string) => Promise<void>,
  quiet: AbortController,
): Promise<string> {
  const decoder = new TextDecoder();
  let rest = '';
  const silence = (): NodeJS.Timeout =>
    setTimeout(() => quiet.abort(new OutboundError('timeout', `the answer stopped for ${quietMs} ms`)), quietMs);
  let timer = silence();
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maxBytes) throw new OutboundError('too-large', `a line is larger than ${maxBytes} bytes`);
      for (const line of lines) await onLine(line);
      timer = silence();
    }
  } finally {
    clearTimeout(timer);
  }
  if (rest !== '') await onLine(rest);
  return '';
}

function failureOf(error: unknown, request: OutboundRequest, timeout: AbortSignal, timeoutMs: number): OutboundError {
  if (error instanceof OutboundError) return error;
  const host = URL.canParse(request.url) ? new URL(request.url).host : 'the address';
  if (request.signal?.aborted)
    return new OutboundError('cancelled', `the call to ${host} was cancelled`, { cause: error });
  if (timeout.aborted)
    return new OutboundError('timeout', `${host} did not answer within ${timeoutMs} ms`, { cause: error });
  return new OutboundError('unreachable', `${host} cannot be reached: ${reasonOf(error)}`, { cause: error });
}

/**
 * fetch hides what happened (`ECONNREFUSED`, a certificate, a name) in the cause. Without one the request itself was none, and its
 * words repeat the header or the address that they are about: a key, mostly.
 */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return 'a setting of the request (its address or a key) cannot be sent';
  const code = (cause as { code?: unknown }).code;
  return typeof code === 'string' ? code : cause.message;
}

export interface RetryPolicy {
  /** Tries in all. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  /** Longest pause; what asks for a longer one is not tried again. */
  readonly maxDelayMs: number;
  readonly signal?: AbortSignal | undefined;
  /** `no`, or how long the other side wants to be left alone (0 when it did not say). */
  worth(error: unknown): 'no' | { readonly afterMs: number };
}

/** Repeats what may be repeated, with exponential pauses and full jitter so that many callers do not come back at once. */
export async function retrying<T>(policy: RetryPolicy, attempt: () => Promise<T>): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await attempt();
    } catch (error) {
      const again = policy.worth(error);
      if (made >= policy.attempts || again === 'no' || again.afterMs > policy.maxDelayMs) throw error;
      const most = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (made - 1));
      await pause(Math.max(again.afterMs, Math.random() * most), policy.signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = () => {
    clearTimeout(timer);
    reject(new OutboundError('cancelled', 'cancelled while waiting to try again', { cause: signal?.reason }));
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener('abort', cancel);
    resolve();
  }, ms);
  if (signal?.aborted) cancel();
  else signal?.addEventListener('abort', cancel, { once: true });
  return promise;
}
