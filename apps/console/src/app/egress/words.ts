import type { EgressDestination } from '../../api/models';
import type { IconName } from '../ui/icon-names';

export interface Purpose {
  readonly title: string;
  /** What such a call carries. */
  readonly carries: string;
  readonly icon: IconName;
}

const PURPOSES: Readonly<Record<string, Purpose>> = {
  prices: {
    title: 'Prices and exchange rates',
    carries: 'Which assets, by symbol and id, and which days. No quantities, and nothing of whose they are.',
    icon: 'coins',
  },
  'asset-search': { title: 'Asset search', carries: 'The words that were typed.', icon: 'search' },
  chain: {
    title: 'Wallets on their chains',
    carries: 'The addresses of wallets, without whose they are.',
    icon: 'wallet',
  },
  ai: {
    title: 'Reading by AI',
    carries: 'The picture, or the text of the file, that its owner agreed to send.',
    icon: 'sparkles',
  },
  mail: { title: 'Mail', carries: 'The address that a mail is for, and the mail.', icon: 'mail' },
  previews: { title: 'Link previews', carries: 'The address of the page.', icon: 'link' },
  capabilities: { title: 'What the data-provider offers', carries: 'Nothing but the key.', icon: 'server' },
};
const OTHER: Purpose = { title: 'Other calls', carries: 'What they carry is not known here.', icon: 'circle-dashed' };

export const purposeOf = (word: string): Purpose => PURPOSES[word] ?? OTHER;

export interface PurposeGroup extends Purpose {
  readonly word: string;
  readonly calls: number;
  readonly sentBytes: number;
  readonly failed: number;
  readonly mine: boolean;
  readonly destinations: readonly EgressDestination[];
}

/** Destinations by what they are called for, the most calls first. */
export function groupsOf(destinations: readonly EgressDestination[]): PurposeGroup[] {
  const words = [...new Set(destinations.map(({ purpose }) => purpose))];
  return words
    .map((word) => {
      const own = destinations.filter(({ purpose }) => purpose === word);
      const sum = (of: (one: EgressDestination) => number): number => own.reduce((all, one) => all + of(one), 0);
      return {
        ...purposeOf(word),
        word,
        calls: sum(({ calls }) => calls),
        sentBytes: sum(({ sentBytes }) => sentBytes),
        failed: sum(({ failed }) => failed),
        mine: own.some(({ mine }) => mine),
        destinations: own,
      };
    })
    .sort((a, b) => b.calls - a.calls);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** In the unit that makes a number of at most three digits. */
export function formatBytes(locale: string, bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const format = { style: 'unit', unit: UNITS[power], unitDisplay: power === 0 ? 'long' : 'short' } as const;
  const value = bytes / 1_000 ** power;
  return new Intl.NumberFormat(locale, { ...format, maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 }).format(
    value,
  );
}
