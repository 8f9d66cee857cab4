import type { Letter } from './letter.js';
import type { DigestData } from './templates.dto.js';

/** No amount is in the subject or beside it, since lock screens show both. */
export function digestLetter(data: DigestData): Letter {
  const days = `${data.from} to ${data.to}`;
  return {
    subject: `Your summary, ${days}`,
    preview: `What changed from ${days}.`,
    title: 'Your summary',
    blocks: [
      { kind: 'paragraph', text: `From ${days}.` },
      { kind: 'rows', rows: [data.total, ...data.rows] },
      { kind: 'button', label: 'Open Scani', link: data.link, lead: 'Everything else is here:' },
      { kind: 'note', text: data.reason },
    ],
  };
}
