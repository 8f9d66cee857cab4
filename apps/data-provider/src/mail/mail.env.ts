import { type Field, fragment, integer, optional, text, url } from '@scani/runtime';

/** An address as mail programs write it: `a@b.example` or `Name <a@b.example>`. */
const MAILBOX = /^(?:[^<>@\r\n]+ )?<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/;

function mailbox(about: { description: string; example?: string }): Field<string> {
  return {
    ...text(about),
    parse(value) {
      if (!MAILBOX.test(value)) throw new Error('must be an address, like Scani <scani@example.org>');
      return value;
    },
  };
}

export const mailEnv = fragment(
  'mail',
  {
    SMTP_URL: optional(
      url({
        description: 'The mail server, with its user and password. Without it and FASTMAIL_API_TOKEN no mail is sent.',
        secret: true,
        protocols: ['smtp:', 'smtps:'],
        example: 'smtps://user:password@mail.example.org:465',
      }),
    ),
    SMTP_FROM: optional(
      mailbox({
        description: 'Who the mails are from. With FASTMAIL_API_TOKEN it may be left out: then the first identity.',
        example: 'Scani <scani@example.org>',
      }),
    ),
    FASTMAIL_API_TOKEN: optional(
      text({
        description: 'A token of Fastmail that may send mail (JMAP); with it SMTP_URL is not used.',
        secret: true,
      }),
    ),
    FASTMAIL_URL: url({
      description: 'The session resource of the JMAP server that FASTMAIL_API_TOKEN is for.',
      default: 'https://api.fastmail.com/jmap/session',
    }),
    MAIL_PER_RECIPIENT_PER_HOUR: integer({
      description: 'Mails to one address in an hour, at most; each process counts for itself.',
      default: '20',
      min: 1,
      max: 10_000,
    }),
    MAIL_PER_INSTALLATION_PER_HOUR: integer({
      description: 'Mails that one key may send in an hour, at most; each process counts for itself.',
      default: '1000',
      min: 1,
      max: 1_000_000,
    }),
  },
  (env) => {
    if (env.SMTP_URL !== undefined && env.SMTP_FROM === undefined)
      return ['SMTP_URL and SMTP_FROM belong together: set SMTP_FROM too.'];
    const useless = env.SMTP_FROM !== undefined && env.SMTP_URL === undefined && env.FASTMAIL_API_TOKEN === undefined;
    return useless ? ['SMTP_URL and SMTP_FROM belong together: set SMTP_URL (or FASTMAIL_API_TOKEN) too.'] : [];
  },
);
