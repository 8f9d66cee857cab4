import type { SignInData } from './templates.dto.js';
import type { Letter } from './letter.js';

const minutes = (count: number): string => (count === 1 ? '1 minute' : `${count} minutes`);

/** The two ways in: a link for this device, a code for another one. The code is not in the subject, which lock screens show. */
export function signInLetter(data: SignInData): Letter {
  return {
    subject: 'Sign in to Scani',
    preview: `Your link works once, for ${minutes(data.linkMinutes)}.`,
    title: 'Sign in to Scani',
    blocks: [
      {
        kind: 'button',
        label: 'Sign in',
        link: data.link,
        lead: `Open this link within ${minutes(data.linkMinutes)}. It works once:`,
      },
      {
        kind: 'code',
        lead: `Or type this code where you asked for it, within ${minutes(data.codeMinutes)}:`,
        code: `${data.code.slice(0, 3)} ${data.code.slice(3)}`,
      },
      {
        kind: 'note',
        text: 'You did not ask for this? Then somebody typed your address by mistake. Nothing happens unless the link is opened.',
      },
    ],
  };
}
