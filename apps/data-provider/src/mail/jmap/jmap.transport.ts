import type { Transport } from 'nodemailer';
import addressparser from 'nodemailer/lib/addressparser/index.js';
import type MailMessage from 'nodemailer/lib/mailer/mail-message.js';
import {
  answerOf,
  createdOf,
  deliveriesOf,
  type Delivery,
  type Identity,
  identitiesOf,
  type JmapSession,
  type Mailbox,
  mailboxesOf,
  textOf,
} from './jmap.answers.js';
import { JmapClient } from './jmap.client.js';
import { JmapError } from './jmap.error.js';

export interface JmapSettings {
  readonly sessionUrl: string;
  readonly token: string;
  /** Who the mails are from; without it the account's first identity. */
  readonly from: string | undefined;
}

interface Sender {
  readonly session: JmapSession;
  readonly identityId: string;
  readonly draftsId: string;
  readonly from: { readonly name: string | null; readonly email: string };
}

interface Sent {
  readonly envelope: unknown;
}

/**
 * Sends by JMAP for mail (RFC 8621): a draft is made and submitted in one request, and destroyed once it is submitted, since
 * the mails open doors. The server writes the message, so nothing here can put a header into it.
 */
export class JmapTransport implements Transport<Sent> {
  readonly name = 'jmap';
  readonly version = '1';
  private readonly client: JmapClient;
  private sender: { readonly session: JmapSession; readonly found: Promise<Sender> } | undefined;

  constructor(private readonly settings: JmapSettings) {
    this.client = new JmapClient(settings.sessionUrl, settings.token);
  }

  send(mail: MailMessage<Sent>, done: (error: Error | null, info: Sent) => void): void {
    const envelope = mail.message.getEnvelope();
    this.deliver(mail, envelope.to).then(
      () => done(null, { envelope }),
      (error: unknown) => done(error as Error, { envelope }),
    );
  }

  /** Signs in, and looks whether there is somebody to send as; nothing is sent. */
  async verify(): Promise<true> {
    this.client.forget();
    await this.findSender();
    return true;
  }

  private async deliver({ data }: MailMessage<Sent>, to: readonly string[]): Promise<void> {
    const { session, identityId, draftsId, from } = await this.findSender();
    const { accountId } = session;
    const email = {
      mailboxIds: { [draftsId]: true },
      keywords: { $draft: true, $seen: true },
      from: [from],
      to: to.map((address) => ({ name: null, email: address })),
      subject: data.subject,
      textBody: [{ partId: 'text', type: 'text/plain' }],
      htmlBody: [{ partId: 'html', type: 'text/html' }],
      bodyValues: { text: { value: data.text }, html: { value: data.html } },
      'header:Auto-Submitted:asText': 'auto-generated',
    };
    const submission = {
      identityId,
      emailId: '#mail',
      envelope: { mailFrom: { email: from.email }, rcptTo: to.map((address) => ({ email: address })) },
    };
    const body = await this.client.call(session, [
      ['Email/set', { accountId, create: { mail: email } }, 'mail'],
      [
        'EmailSubmission/set',
        { accountId, create: { submission }, onSuccessDestroyEmail: ['#submission'] },
        'submission',
      ],
    ]);
    const mailId = textOf(createdOf(answerOf(body, 'Email/set', 'mail'), 'mail'), 'id');
    try {
      refuseBounced(deliveriesOf(createdOf(answerOf(body, 'EmailSubmission/set', 'submission'), 'submission')));
    } catch (error) {
      await this.removeDraft(session, mailId);
      throw error;
    }
  }

  /** A draft that was not submitted would lie there with a link that opens an account. */
  private async removeDraft(session: JmapSession, mailId: string): Promise<void> {
    await this.client
      .call(session, [['Email/set', { accountId: session.accountId, destroy: [mailId] }, 'removal']])
      .catch(() => undefined);
  }

  private async findSender(): Promise<Sender> {
    const session = await this.client.session();
    if (this.sender?.session !== session) {
      this.sender = { session, found: this.askForSender(session) };
      this.sender.found.catch(() => (this.sender = undefined));
    }
    return this.sender.found;
  }

  private async askForSender(session: JmapSession): Promise<Sender> {
    const { accountId } = session;
    const body = await this.client.call(session, [
      ['Identity/get', { accountId, ids: null }, 'identities'],
      ['Mailbox/get', { accountId, ids: null, properties: ['id', 'role'] }, 'mailboxes'],
    ]);
    const { id: identityId, ...from } = this.choose(identitiesOf(answerOf(body, 'Identity/get', 'identities')));
    const drafts = draftsOf(mailboxesOf(answerOf(body, 'Mailbox/get', 'mailboxes')));
    return { session, identityId, draftsId: drafts.id, from };
  }

  private choose(identities: readonly Identity[]): { id: string; name: string | null; email: string } {
    const [wanted] = this.settings.from === undefined ? [] : addressparser(this.settings.from, { flatten: true });
    const email = wanted?.address.toLowerCase();
    const found =
      email === undefined
        ? identities.find((each) => !each.email.startsWith('*@'))
        : (identities.find((each) => each.email.toLowerCase() === email) ??
          identities.find((each) => each.email.toLowerCase() === email.replace(/^.*@/, '*@')));
    if (!found) throw new JmapError('no-identity');
    return { id: found.id, name: wanted?.name || found.name || null, email: wanted?.address ?? found.email };
  }
}

function draftsOf(mailboxes: readonly Mailbox[]): Mailbox {
  const found = ['drafts', 'outbox', 'sent', 'inbox'].flatMap((role) => mailboxes.filter((each) => each.role === role));
  const [first] = [...found, ...mailboxes];
  if (!first) throw new JmapError('no-mailbox');
  return first;
}

/** Some servers submit at once and know already that a receiver does not take it (RFC 8621, section 7). */
function refuseBounced(deliveries: readonly Delivery[]): void {
  if (deliveries.some((each) => each.delivered === 'no' || each.smtpReply.startsWith('5')))
    throw new JmapError('bounced', { refused: true });
}
