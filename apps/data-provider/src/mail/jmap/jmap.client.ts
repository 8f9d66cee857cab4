import { type Outbound, outbound, type OutboundAnswer, OutboundError, type OutboundRequest } from '@scani/runtime';
import { type JmapSession, MAIL, sessionOf, SUBMISSION, wordOf } from './jmap.answers.js';
import { errorOfType, JmapError } from './jmap.error.js';

export type MethodCall = readonly [name: string, args: Readonly<Record<string, unknown>>, callId: string];

const TIMEOUT_MS = 12_000;
const MAX_BYTES = 2_000_000;
const USING = ['urn:ietf:params:jmap:core', MAIL, SUBMISSION];
const PROBLEM = 'urn:ietf:params:jmap:error:';

/** Requests to a JMAP server (RFC 8620) with a token, as Fastmail gives them out. Every failure is a JmapError. */
export class JmapClient {
  private readonly http: Outbound = outbound({ timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  private known: Promise<JmapSession> | undefined;

  constructor(
    private readonly sessionUrl: string,
    private readonly token: string,
  ) {}

  /** Asked for once, and again after anything that may mean that it is no longer so. */
  session(): Promise<JmapSession> {
    this.known ??= this.askForSession().catch((error: unknown) => {
      this.forget();
      throw error;
    });
    return this.known;
  }

  forget(): void {
    this.known = undefined;
  }

  /** The body of the answer; which call was answered how is read with `answerOf`. */
  async call(session: JmapSession, methodCalls: readonly MethodCall[]): Promise<unknown> {
    try {
      const body = await this.ask({
        url: session.apiUrl,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ using: USING, methodCalls }),
      });
      // RFC 8620, 3.4: another state means that accounts or limits have changed.
      if ((body as { sessionState?: unknown } | null)?.sessionState !== session.state) this.forget();
      return body;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  private async askForSession(): Promise<JmapSession> {
    return sessionOf(await this.ask({ url: this.sessionUrl }), this.sessionUrl);
  }

  private async ask(request: OutboundRequest): Promise<unknown> {
    const headers = { accept: 'application/json', authorization: `Bearer ${this.token}`, ...request.headers };
    const answer = await this.http({ ...request, headers }).catch((cause: unknown) => {
      throw cause instanceof OutboundError ? new JmapError(cause.code, { cause }) : cause;
    });
    if (answer.status !== 200) throw failureOf(answer);
    try {
      return JSON.parse(answer.text) as unknown;
    } catch (cause) {
      throw new JmapError('not-jmap', { cause });
    }
  }
}

function failureOf(answer: OutboundAnswer): JmapError {
  const after = Number(answer.header('retry-after') ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(after) && after >= 0 ? Math.ceil(after) : undefined;
  if (answer.status === 401) return new JmapError('unauthorized');
  if (answer.status === 403) return new JmapError('forbidden');
  if (answer.status === 429) return new JmapError('limited', { retryAfterSeconds: retryAfterSeconds ?? 60 });
  const problem = problemOf(answer);
  return problem === undefined ? new JmapError(`http-${answer.status}`, { retryAfterSeconds }) : errorOfType(problem);
}

/** RFC 8620, 3.6.1: why the request as a whole was not looked at. */
function problemOf(answer: OutboundAnswer): string | undefined {
  try {
    const { type } = JSON.parse(answer.text) as { type?: unknown };
    return typeof type === 'string' && type.startsWith(PROBLEM) ? wordOf(type.slice(PROBLEM.length)) : undefined;
  } catch {
    // Something else than a JMAP server answered; its status says enough.
    return undefined;
  }
}
