import type { Letter } from './letter.js';
import type { AlertData } from './templates.dto.js';

const WORDS = { warning: 'Warning', critical: 'Act now' } as const;

/** People read minutes of UTC; what cannot be read as a time stays as it was said. */
function minuteOf(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? instant : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function alertLetter(data: AlertData): Letter {
  return {
    subject: `${WORDS[data.severity]}: ${data.title}`,
    preview: data.summary,
    title: data.title,
    blocks: [
      { kind: 'paragraph', text: data.summary },
      ...(data.rows.length === 0 ? [] : [{ kind: 'rows', rows: data.rows } as const]),
      { kind: 'button', label: 'See what is wrong', link: data.link, lead: 'What is wrong, and what to do:' },
      { kind: 'note', text: `${WORDS[data.severity]}. Noticed at ${minuteOf(data.at)}.` },
    ],
  };
}
