import { alertLetter } from './alert.letter.js';
import { digestLetter } from './digest.letter.js';
import { invitationLetter } from './invitation.letter.js';
import type { Letter, Mail } from './letter.js';
import { htmlOf } from './letter.html.js';
import { textOf } from './letter.text.js';
import { signInLetter } from './sign-in.letter.js';
import { AlertData, DigestData, InvitationData, SignInData } from './templates.dto.js';

/** The data of each template. */
export interface MailData {
  'sign-in': SignInData;
  invitation: InvitationData;
  alert: AlertData;
  digest: DigestData;
}

export type MailTemplate = keyof MailData;

interface Template<D extends object> {
  readonly data: new () => D;
  readonly letter: (data: D) => Letter;
}

export const TEMPLATES: { readonly [T in MailTemplate]: Template<MailData[T]> } = {
  'sign-in': { data: SignInData, letter: signInLetter },
  invitation: { data: InvitationData, letter: invitationLetter },
  alert: { data: AlertData, letter: alertLetter },
  digest: { data: DigestData, letter: digestLetter },
};

export const MAIL_TEMPLATES = Object.keys(TEMPLATES) as MailTemplate[];

export const isMailTemplate = (word: unknown): word is MailTemplate =>
  typeof word === 'string' && Object.hasOwn(TEMPLATES, word);

/** One mail, written down in plain text and in HTML. */
export function mailOf<T extends MailTemplate>(template: T, data: MailData[T]): Mail {
  const letter = TEMPLATES[template].letter(data);
  return { subject: letter.subject, text: textOf(letter), html: htmlOf(letter) };
}
