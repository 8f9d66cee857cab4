import type { Letter } from './letter.js';
import type { InvitationData } from './templates.dto.js';

/** Opens nothing by itself: whoever has it still signs in with the address that was invited. */
export function invitationLetter(data: InvitationData): Letter {
  const host = new URL(data.link).host;
  return {
    subject: 'You are invited to Scani',
    preview: `An account at ${host} is waiting for you.`,
    title: 'You are invited to Scani',
    blocks: [
      {
        kind: 'paragraph',
        text: `${data.inviter ?? 'An administrator'} invited you to ${host}. Scani shows everything that you own and owe in one place.`,
      },
      { kind: 'button', label: 'Begin', link: data.link, lead: 'Sign in with this address here:' },
      { kind: 'note', text: 'There is no password: sign in with the address that this mail came to.' },
      { kind: 'note', text: 'You do not know what this is? Then leave it be. No account is made unless you sign in.' },
    ],
  };
}
