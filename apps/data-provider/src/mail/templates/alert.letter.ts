import type { Letter } from './letter.js';
import type { AlertData } from './templates.dto.js';

const WORDS = { warning: 'Warning', critical: 'Act now' } as const;

export function alertLetter(data: AlertData): Letter {
  return {
    subject: `${WORDS[data.severity]}: ${data.title}`,
    preview: data.summary,
    title: data.title,
    blocks: [
      { kind: 'paragraph', text: data.summary },
      ...(data.rows.length === 0 ? [] : [{ kind: 'rows', rows: data.rows } as const]),
      { kind: 'button', label: 'See what is wrong', link: data.link, lead: 'See what is wrong:' },
      { kind: 'note', text: `${WORDS[data.severity]}. Noticed at ${data.at}.` },
    ],
  };
}
