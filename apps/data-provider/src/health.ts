import type { ReadinessCheck } from '@scani/runtime';
import type { MailService } from './mail/mail.service.js';
import type { Outside } from './outside/outside.js';

/** Neither mail nor a source of anything makes the process unready: what still works is worth having. */
export function checksOf(outside: Outside, mail: MailService): ReadinessCheck[] {
  return [
    {
      name: 'price sources',
      check: async () => {
        const resting = outside.states().filter((each) => each.state !== 'ok');
        const facts = { sources: Object.fromEntries(outside.states().map((each) => [each.name, each.state])) };
        if (resting.length === 0) return { state: 'ok', facts };
        return {
          state: 'degraded',
          detail: `not asked at the moment: ${resting.map((each) => each.name).join(', ')}`,
          facts,
        };
      },
    },
    {
      name: 'mail',
      check: async () => (mail.trouble === undefined ? { state: 'ok' } : { state: 'degraded', detail: mail.trouble }),
    },
  ];
}

/** What people want to know beside that: whether the mail server would take a mail now, and which keys there are. */
export function deepChecksOf(outside: Outside, mail: MailService): ReadinessCheck[] {
  return [
    {
      name: 'mail server',
      lossMeans: 'degraded',
      check: async () => {
        const trouble = await mail.look();
        return trouble === undefined ? { state: 'ok' } : { state: 'degraded', detail: trouble };
      },
    },
    {
      name: 'keys of providers',
      check: () => Promise.resolve({ state: 'ok', facts: Object.fromEntries(outside.keyed()) }),
    },
  ];
}
