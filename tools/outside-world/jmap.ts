/**
 * A mail server that speaks JMAP, as Fastmail does, for what sending needs:
 *   RFC 8620  2 (session resource) · 3.3, 3.4 (request, response) · 3.6.1 (request-level errors) · 3.6.2 (method-level
 *             errors) · 5.1 (/get) · 5.3 (/set with SetErrors and creation ids)
 *   RFC 8621  2 (Mailbox/get) · 4.6 (Email/set) · 6 (Identity/get) · 7, 7.5 (EmailSubmission/set with onSuccessDestroyEmail,
 *             its SetErrors, deliveryStatus)
 * It delivers nothing: what was submitted can be read here.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, type Answer } from './http.ts';

const CORE = 'urn:ietf:params:jmap:core';
const MAIL = 'urn:ietf:params:jmap:mail';
const SUBMISSION = 'urn:ietf:params:jmap:submission';
const ACCOUNT = 'u8f5a0e';
const MAX_CALLS = 16;

export interface JmapAddress {
  name: string | null;
  email: string;
}

export interface SubmittedMail {
  from: JmapAddress[];
  to: JmapAddress[];
  subject: string;
  text: string;
  html: string;
  /** By name, as `header:<name>:asText` was given. */
  headers: Record<string, string>;
  envelope: { mailFrom: { email: string }; rcptTo: { email: string }[] };
}

export interface JmapIdentity {
  id: string;
  name: string;
  email: string;
}

/** Trouble that comes once, in the order in which it was asked for. */
export type JmapTrouble =
  /** Any HTTP status; 429 with Retry-After. */
  | { at: 'session' | 'api'; status: number; retryAfterSeconds?: number }
  /** RFC 8620, 3.6.1. */
  | { at: 'api'; requestError: 'unknownCapability' | 'notJSON' | 'notRequest' | 'limit' }
  /** RFC 8620, 3.6.2. */
  | { at: 'api'; method: string; methodError: string }
  /** A SetError of a creation. */
  | { at: 'api'; method: 'Email/set' | 'EmailSubmission/set'; notCreated: string }
  /** Submitted, and the next server says no at once. */
  | { at: 'api'; bounce: string }
  /** The answer to this method is left out. */
  | { at: 'api'; silent: string }
  | { at: 'session' | 'api'; body: string };

export interface JmapServer {
  readonly url: string;
  readonly token: string;
  identities: JmapIdentity[];
  mailboxes: { id: string; name: string; role: string | null }[];
  /** Primary accounts of the session; taking one away is a token without that scope. */
  scopes: string[];
  /** Where the session says that requests go. */
  apiUrl: string;
  readonly submitted: SubmittedMail[];
  /** Mails that lie in a mailbox. */
  lying(): number;
  /** Names of methods that were called. */
  readonly calls: string[];
  sessionsAsked(): number;
  trouble(trouble: JmapTrouble): void;
  close(): Promise<void>;
}

type Args = Record<string, unknown>;
type Call = [name: string, args: Args, id: string];

/** Starts it on 127.0.0.1. `token` is what it takes. */
export async function startJmapServer(options: { token?: string; port?: number } = {}): Promise<JmapServer> {
  const player = new Player(options.token ?? 'fmu1-a-token-of-the-outside-world');
  const server = createServer((request, response) => {
    player
      .answer(request)
      .catch((error: unknown) => json(500, { message: String(error) }))
      .then((answer) => response.writeHead(answer.status, answer.headers).end(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  player.url = `${origin}/jmap/session`;
  player.apiUrl = `${origin}/jmap/api/`;
  player.close = () => close(server);
  return player;
}

class Player implements JmapServer {
  url = '';
  apiUrl = '';
  identities: JmapIdentity[] = [
    { id: 'i0', name: '', email: '*@example.org' },
    { id: 'i1', name: 'Scani at home', email: 'scani@example.org' },
    { id: 'i2', name: 'Mara', email: 'mara@example.net' },
  ];
  mailboxes: { id: string; name: string; role: string | null }[] = [
    { id: 'mb1', name: 'Inbox', role: 'inbox' },
    { id: 'mb2', name: 'Drafts', role: 'drafts' },
    { id: 'mb3', name: 'Sent', role: 'sent' },
    { id: 'mb4', name: 'Recipes', role: null },
  ];
  scopes = [CORE, MAIL, SUBMISSION];
  readonly submitted: SubmittedMail[] = [];
  readonly calls: string[] = [];
  close: () => Promise<void> = () => Promise.resolve();
  private readonly troubles: JmapTrouble[] = [];
  private readonly mails = new Map<string, Args>();
  private sessions = 0;
  private made = 0;

  constructor(readonly token: string) {}

  trouble(trouble: JmapTrouble): void {
    this.troubles.push(trouble);
  }

  lying(): number {
    return this.mails.size;
  }

  sessionsAsked(): number {
    return this.sessions;
  }

  async answer(request: IncomingMessage): Promise<Answer> {
    const at = request.url === '/jmap/session' ? 'session' : 'api';
    const body = await textOf(request);
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return { status: 401, headers: { 'www-authenticate': 'Bearer realm="JMAP"' }, body: 'Unauthorized' };
    const trouble = this.take((each) => each.at === at && ('status' in each || 'body' in each));
    if (trouble && 'body' in trouble) return { ...json(200, {}), body: trouble.body };
    if (trouble && 'status' in trouble) {
      const after = trouble.retryAfterSeconds;
      return json(trouble.status, {}, after === undefined ? {} : { 'retry-after': String(after) });
    }
    if (at === 'session') return request.method === 'GET' ? this.session() : json(405, {});
    return request.url === '/jmap/api/' && request.method === 'POST' ? this.api(body) : json(404, {});
  }

  private session(): Answer {
    this.sessions += 1;
    const capabilities = {
      [CORE]: {
        maxSizeUpload: 250_000_000,
        maxConcurrentUpload: 10,
        maxSizeRequest: 10_000_000,
        maxConcurrentRequests: 10,
        maxCallsInRequest: MAX_CALLS,
        maxObjectsInGet: 4096,
        maxObjectsInSet: 4096,
        collationAlgorithms: [],
      },
      [MAIL]: {},
      [SUBMISSION]: {},
    };
    return json(200, {
      capabilities,
      accounts: {
        [ACCOUNT]: { name: 'mara@example.net', isPersonal: true, isReadOnly: false, accountCapabilities: capabilities },
      },
      primaryAccounts: Object.fromEntries(this.scopes.map((scope) => [scope, ACCOUNT])),
      username: 'mara@example.net',
      apiUrl: this.apiUrl,
      downloadUrl: `${this.apiUrl}download/{accountId}/{blobId}/{name}`,
      uploadUrl: `${this.apiUrl}upload/{accountId}/`,
      eventSourceUrl: `${this.apiUrl}event/`,
      state: this.state,
    });
  }

  private get state(): string {
    return `cyrus-${this.scopes.length};p-5`;
  }

  private api(text: string): Answer {
    const said = this.take((each) => 'requestError' in each);
    if (said && 'requestError' in said) return requestError(said.requestError);
    let request: { using?: unknown; methodCalls?: unknown };
    try {
      request = JSON.parse(text) as typeof request;
    } catch {
      return requestError('notJSON');
    }
    if (!Array.isArray(request.using) || !Array.isArray(request.methodCalls)) return requestError('notRequest');
    if (request.using.some((each) => ![CORE, MAIL, SUBMISSION].includes(each as string)))
      return requestError('unknownCapability');
    if (request.methodCalls.length > MAX_CALLS) return requestError('limit');
    const created = new Map<string, string>();
    const methodResponses = (request.methodCalls as Call[]).flatMap((call) => this.method(call, created));
    return json(200, { methodResponses, sessionState: this.state });
  }

  private method([name, args, id]: Call, created: Map<string, string>): Call[] {
    this.calls.push(name);
    const failing = this.take((each) => 'methodError' in each && each.method === name);
    if (failing && 'methodError' in failing) return [['error', { type: failing.methodError }, id]];
    if (args['accountId'] !== ACCOUNT) return [['error', { type: 'accountNotFound' }, id]];
    const answers = this.perform(name, args, id, created);
    return this.take((each) => 'silent' in each && each.silent === name) ? [] : answers;
  }

  private perform(name: string, args: Args, id: string, created: Map<string, string>): Call[] {
    switch (name) {
      case 'Identity/get':
        return [[name, { accountId: ACCOUNT, state: '1', list: this.identities, notFound: [] }, id]];
      case 'Mailbox/get':
        return [[name, { accountId: ACCOUNT, state: '1', list: this.mailboxes, notFound: [] }, id]];
      case 'Email/set':
        return [[name, this.setEmails(args, created), id]];
      case 'EmailSubmission/set':
        return this.submit(args, id, created);
      default:
        return [['error', { type: 'unknownMethod' }, id]];
    }
  }

  private setEmails(args: Args, created: Map<string, string>): Args {
    const answer: Args = { accountId: ACCOUNT, oldState: '1', newState: '2', created: {}, notCreated: {} };
    for (const [creationId, email] of Object.entries((args['create'] ?? {}) as Record<string, Args>)) {
      const why = this.notCreated('Email/set') ?? emailError(email, this.mailboxes);
      if (why) (answer['notCreated'] as Args)[creationId] = { type: why };
      else {
        const id = `M${(this.made += 1)}`;
        this.mails.set(id, email);
        created.set(`#${creationId}`, id);
        (answer['created'] as Args)[creationId] = { id, blobId: `G${id}`, threadId: `T${id}`, size: 1234 };
      }
    }
    const destroy = (args['destroy'] ?? []) as string[];
    return { ...answer, destroyed: destroy.filter((id) => this.mails.delete(id)) };
  }

  private submit(args: Args, id: string, created: Map<string, string>): Call[] {
    const answer: Args = { accountId: ACCOUNT, oldState: '1', newState: '2', created: {}, notCreated: {} };
    const destroyed: string[] = [];
    for (const [creationId, given] of Object.entries((args['create'] ?? {}) as Record<string, Args>)) {
      const submission = given as { identityId?: string; emailId?: string; envelope?: SubmittedMail['envelope'] };
      const emailId = created.get(submission.emailId ?? '') ?? submission.emailId ?? '';
      const email = this.mails.get(emailId);
      const why = this.notCreated('EmailSubmission/set') ?? this.submissionError(submission, email);
      if (why !== undefined || !email || !submission.envelope) {
        (answer['notCreated'] as Args)[creationId] = { type: why ?? 'invalidProperties' };
        continue;
      }
      const bounce = this.take((each) => 'bounce' in each);
      const status = bounce && 'bounce' in bounce ? bounce.bounce : '250 2.0.0 queued';
      if (!bounce) this.submitted.push(mailOf(email, submission.envelope));
      (answer['created'] as Args)[creationId] = {
        id: `S${emailId}`,
        threadId: `T${emailId}`,
        undoStatus: 'final',
        sendAt: '2026-11-20T12:00:00Z',
        deliveryStatus: Object.fromEntries(
          submission.envelope.rcptTo.map(({ email: to }) => [
            to,
            { smtpReply: status, delivered: bounce ? 'no' : 'queued', displayed: 'unknown' },
          ]),
        ),
      };
      if (((args['onSuccessDestroyEmail'] ?? []) as string[]).includes(`#${creationId}`) && this.mails.delete(emailId))
        destroyed.push(emailId);
    }
    // RFC 8621, 7.5: the implicit call answers under the id of the one that caused it.
    const implicit: Call = ['Email/set', { accountId: ACCOUNT, oldState: '2', newState: '3', destroyed }, id];
    return [['EmailSubmission/set', answer, id], ...(destroyed.length > 0 ? [implicit] : [])];
  }

  private submissionError(
    given: { identityId?: string; envelope?: SubmittedMail['envelope'] },
    email: Args | undefined,
  ): string | undefined {
    if (!email) return 'invalidProperties';
    const identity = this.identities.find((each) => each.id === given.identityId);
    if (!identity) return 'invalidProperties';
    const recipients = given.envelope?.rcptTo ?? [];
    if (recipients.length === 0) return 'noRecipients';
    if (recipients.some((each) => !/^[^\s@]+@[^\s@]+$/.test(each.email))) return 'invalidRecipients';
    const allowed = (address: string | undefined): boolean =>
      address !== undefined &&
      (address.toLowerCase() === identity.email.toLowerCase() ||
        (identity.email.startsWith('*@') && address.toLowerCase().endsWith(identity.email.slice(1).toLowerCase())));
    if (!allowed(given.envelope?.mailFrom.email)) return 'forbiddenMailFrom';
    return (email['from'] as JmapAddress[]).every((each) => allowed(each.email)) ? undefined : 'forbiddenFrom';
  }

  private notCreated(method: string): string | undefined {
    const found = this.take((each) => 'notCreated' in each && each.method === method);
    return found && 'notCreated' in found ? found.notCreated : undefined;
  }

  private take(fits: (trouble: JmapTrouble) => boolean): JmapTrouble | undefined {
    const index = this.troubles.findIndex(fits);
    return index < 0 ? undefined : this.troubles.splice(index, 1)[0];
  }
}

/** What RFC 8621, 4.6 asks of a new mail, as far as it concerns one that is sent. */
function emailError(email: Args, mailboxes: readonly { id: string }[]): string | undefined {
  const boxes = Object.keys((email['mailboxIds'] ?? {}) as object);
  if (boxes.length === 0 || boxes.some((id) => !mailboxes.some((each) => each.id === id))) return 'invalidProperties';
  // "A header field MUST NOT contain line breaks": a value with one is not a header.
  const lines = [email['subject'], ...['from', 'to'].flatMap((each) => addressTexts(email[each]))];
  if (lines.some((line) => typeof line === 'string' && /[\r\n\0]/.test(line))) return 'invalidProperties';
  return typeof partOf(email, 'textBody') === 'string' && typeof partOf(email, 'htmlBody') === 'string'
    ? undefined
    : 'invalidProperties';
}

const addressTexts = (list: unknown): (string | null)[] =>
  ((list ?? []) as JmapAddress[]).flatMap((each) => [each.name, each.email]);

function partOf(email: Args, list: 'textBody' | 'htmlBody'): unknown {
  const [part] = (email[list] ?? []) as { partId?: string }[];
  return ((email['bodyValues'] ?? {}) as Record<string, { value?: unknown }>)[part?.partId ?? '']?.value;
}

const mailOf = (email: Args, envelope: SubmittedMail['envelope']): SubmittedMail => ({
  from: email['from'] as JmapAddress[],
  to: email['to'] as JmapAddress[],
  subject: String(email['subject']),
  text: String(partOf(email, 'textBody')),
  html: String(partOf(email, 'htmlBody')),
  headers: Object.fromEntries(
    Object.entries(email).flatMap(([name, value]) => {
      const [, header] = /^header:([^:]+):asText$/.exec(name) ?? [];
      return header === undefined ? [] : [[header, String(value)]];
    }),
  ),
  envelope,
});

/** As `application/problem+json`, RFC 7807. */
const requestError = (type: string): Answer =>
  json(
    400,
    {
      type: `urn:ietf:params:jmap:error:${type}`,
      status: 400,
      ...(type === 'limit' ? { limit: 'maxConcurrentRequests' } : {}),
    },
    { 'content-type': 'application/problem+json' },
  );

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
