import type { MailData, MailTemplate } from './templates.js';

/** One mail of each template, as a person might get it; for tests and pictures. */
export const MAIL_FIXTURES: { readonly [T in MailTemplate]: MailData[T] } = {
  'sign-in': {
    link: 'https://scani.example.org/sign-in/link#token=Zm9vYmFyYmF6cXV4LWEtbG9uZy1yYW5kb20tdG9rZW4',
    code: '482913',
    linkMinutes: 15,
    codeMinutes: 5,
  },
  invitation: { link: 'https://scani.example.org/sign-in', inviter: 'Mara Lindqvist' },
  alert: {
    link: 'https://scani.example.org/admin/health',
    severity: 'critical',
    title: 'No backup for three days',
    summary:
      'The last backup that could be read back is of Tuesday. Until there is a newer one, a lost disk costs three days.',
    at: '2026-11-20T06:15:00Z',
    rows: [
      { name: 'Last good backup', value: '17 Nov 2026, 03:00' },
      { name: 'Since then', value: '3 failures', about: 'no space left on the target' },
    ],
  },
  digest: {
    link: 'https://scani.example.org/',
    from: '2026-11-13',
    to: '2026-11-20',
    total: { name: 'Net worth', value: '€ 248,310.55', about: '+ € 1,204.10 (0.49 %)' },
    rows: [
      { name: 'Shares and funds', value: '€ 171,020.00', about: '+ € 980.00' },
      { name: 'Coins', value: '€ 31,288.12', about: '+ € 402.77' },
      { name: 'Cash', value: '€ 54,002.43', about: '− € 178.67' },
      { name: 'Mortgage', value: '− € 8,000.00' },
    ],
    reason: 'You get this every Friday. Turn it off in Settings.',
  },
};
