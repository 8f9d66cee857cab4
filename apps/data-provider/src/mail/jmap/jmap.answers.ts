import { errorOfType, JmapError } from './jmap.error.js';

/** The other side may answer anything: what is used is looked at first. */
export type Fields = Readonly<Record<string, unknown>>;

/** RFC 8620, section 2. */
export interface JmapSession {
  readonly apiUrl: string;
  readonly accountId: string;
  readonly state: string;
}

/** RFC 8621, section 6. */
export interface Identity {
  readonly id: string;
  readonly name: string;
  /** An address, or `*@domain` for all of a domain. */
  readonly email: string;
}

export interface Mailbox {
  readonly id: string;
  readonly role: string | null;
}

/** RFC 8621, section 7: what is known of one receiver. */
export interface Delivery {
  readonly smtpReply: string;
  readonly delivered: string;
}

export const MAIL = 'urn:ietf:params:jmap:mail';
export const SUBMISSION = 'urn:ietf:params:jmap:submission';

export function sessionOf(body: unknown, sessionUrl: string): JmapSession {
  const session = fieldsOf(body);
  const accounts = fieldsOf(session['primaryAccounts']);
  const [mail, submission] = [accounts[MAIL], accounts[SUBMISSION]];
  // One account does both: what is submitted is a mail of it.
  if (typeof mail !== 'string' || mail !== submission) throw new JmapError('no-account');
  return { apiUrl: apiUrlOf(textOf(session, 'apiUrl'), sessionUrl), accountId: mail, state: textOf(session, 'state') };
}

/** The token goes there too, so never from https to anything else, nor with a login that somebody else chose. */
function apiUrlOf(said: string, sessionUrl: string): string {
  if (!URL.canParse(said, sessionUrl)) throw new JmapError('not-jmap');
  const url = new URL(said, sessionUrl);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && new URL(sessionUrl).protocol === 'http:');
  if (!safe || url.username !== '' || url.password !== '') throw new JmapError('not-jmap');
  return url.href;
}

/** What was answered to a call; throws what the server says of it as a whole, or when it says nothing. */
export function answerOf(body: unknown, name: string, callId: string): Fields {
  const responses = fieldsOf(body)['methodResponses'];
  if (!Array.isArray(responses)) throw new JmapError('not-jmap');
  const mine = (responses as unknown[]).filter((each): each is [string, Fields, string] => isResponse(each, callId));
  const failure = mine.find(([said]) => said === 'error');
  if (failure) throw errorOfType(wordOf(failure[1]['type']));
  const answer = mine.find(([said]) => said === name);
  if (!answer) throw new JmapError('no-answer');
  return answer[1];
}

/** What was created; throws why it was not. */
export function createdOf(answer: Fields, creationId: string): Fields {
  const created = (answer['created'] ?? {}) as Fields;
  const found = created[creationId];
  if (typeof found === 'object' && found !== null) return found as Fields;
  const reason = ((answer['notCreated'] ?? {}) as Fields)[creationId] as Fields | undefined;
  throw errorOfType(wordOf(reason?.['type']));
}

export const identitiesOf = (answer: Fields): Identity[] =>
  listOf(answer).map((each) => ({
    id: textOf(each, 'id'),
    name: textOrEmpty(each, 'name'),
    email: textOf(each, 'email'),
  }));

export const mailboxesOf = (answer: Fields): Mailbox[] =>
  listOf(answer).map((each) => ({
    id: textOf(each, 'id'),
    role: typeof each['role'] === 'string' ? each['role'] : null,
  }));

export function deliveriesOf(submission: Fields): Delivery[] {
  const status = submission['deliveryStatus'];
  if (typeof status !== 'object' || status === null) return [];
  return Object.values(status as Fields).map((each) => ({
    smtpReply: textOrEmpty(fieldsOf(each), 'smtpReply'),
    delivered: textOrEmpty(fieldsOf(each), 'delivered'),
  }));
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new JmapError('not-jmap');
  return value as Fields;
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new JmapError('not-jmap');
  return value;
}

const textOrEmpty = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

function listOf(answer: Fields): Fields[] {
  const list = answer['list'];
  if (!Array.isArray(list)) throw new JmapError('not-jmap');
  return list.map(fieldsOf);
}

const isResponse = (each: unknown, callId: string): boolean =>
  Array.isArray(each) &&
  typeof each[0] === 'string' &&
  typeof each[1] === 'object' &&
  each[1] !== null &&
  each[2] === callId;

/** Words of a foreign server go into logs and answers: only if they look like one. */
export const wordOf = (value: unknown): string =>
  typeof value === 'string' && /^[A-Za-z]{1,40}$/.test(value) ? value : 'unknown';
