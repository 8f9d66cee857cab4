import { parseDay } from '@scani/money';
import type { DateFormat } from './mapping.js';

export interface WhenRead {
  /** ISO instant; noon UTC without a time, so that the day stays the day in nearly every time zone. */
  at: string;
  dayOnly: boolean;
}

const PATTERNS: Record<DateFormat, { pattern: RegExp; order: readonly ('y' | 'm' | 'd')[] }> = {
  'YYYY-MM-DD': { pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})/, order: ['y', 'm', 'd'] },
  'YYYY/MM/DD': { pattern: /^(\d{4})\/(\d{1,2})\/(\d{1,2})/, order: ['y', 'm', 'd'] },
  YYYYMMDD: { pattern: /^(\d{4})(\d{2})(\d{2})(?!\d)/, order: ['y', 'm', 'd'] },
  'DD.MM.YYYY': { pattern: /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?!\d)/, order: ['d', 'm', 'y'] },
  'DD/MM/YYYY': { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?!\d)/, order: ['d', 'm', 'y'] },
  'MM/DD/YYYY': { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?!\d)/, order: ['m', 'd', 'y'] },
  'DD-MM-YYYY': { pattern: /^(\d{1,2})-(\d{1,2})-(\d{4}|\d{2})(?!\d)/, order: ['d', 'm', 'y'] },
};

const TIME =
  /^(?:T|,?\s+|\s*)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const CENTURY_TURNS_AT = 70;

/** A date, perhaps with a time (UTC unless it says its offset). Undefined when it does not fit the format or the calendar. */
export function readWhen(written: string, format: DateFormat): WhenRead | undefined {
  const text = written.trim();
  const { pattern, order } = PATTERNS[format];
  const match = pattern.exec(text);
  if (!match) return undefined;
  const part = (name: 'y' | 'm' | 'd'): string => match[order.indexOf(name) + 1] ?? '';
  const day = parseDay(`${yearOf(part('y'))}-${part('m').padStart(2, '0')}-${part('d').padStart(2, '0')}`);
  if (!day) return undefined;
  const rest = text.slice(match[0].length);
  if (rest.trim() === '') return { at: `${day}T12:00:00.000Z`, dayOnly: true };
  const time = timeOf(rest);
  if (time === undefined) return undefined;
  // Midnight to the second, without a zone, is how a program writes that it knows no time.
  if (/^[T\s]*0?0:00(:00)?(\.0+)?$/.test(rest)) return { at: `${day}T12:00:00.000Z`, dayOnly: true };
  const ms = Date.parse(`${day}T${time}`);
  return Number.isNaN(ms) ? undefined : { at: new Date(ms).toISOString(), dayOnly: false };
}

function yearOf(written: string): string {
  if (written.length === 4) return written;
  return Number(written) < CENTURY_TURNS_AT ? `20${written}` : `19${written}`;
}

function timeOf(rest: string): string | undefined {
  const match = TIME.exec(rest);
  if (!match) return undefined;
  const [, hours = '', minutes = '', seconds = '00', part = '', half, zone = 'Z'] = match;
  let hour = Number(hours);
  if (half) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  }
  const offset = /^[+-]/.test(zone) ? zone.replace(/^(.\d{2}):?(\d{2})$/, '$1:$2') : 'Z';
  const fraction = part.padEnd(3, '0').slice(0, 3);
  return `${String(hour).padStart(2, '0')}:${minutes}:${seconds}.${fraction}${offset}`;
}
