import type { LoneVerdict, TransferCandidate, TransferSide, TransferVerdict } from '../../api/models';
import type { IconName } from '../ui/icon-names';

export const VERDICT_WORDS: Record<TransferVerdict, string> = {
  paired: 'Transfer',
  split: 'Transfer in parts',
  internal: 'Between my accounts',
  'left-my-control': 'Left my control',
  untracked: 'Place Scani does not see',
};

export const VERDICT_ICONS: Record<TransferVerdict, IconName> = {
  paired: 'arrow-left-right',
  split: 'split',
  internal: 'repeat',
  'left-my-control': 'log-out',
  untracked: 'eye-off',
};

export interface LoneChoice {
  verdict: LoneVerdict;
  key: string;
  label: string;
  means: string;
}

export const LONE_CHOICES: readonly LoneChoice[] = [
  {
    verdict: 'internal',
    key: 'i',
    label: 'Between my accounts',
    means: 'The other side is mine too, and known by its balance only.',
  },
  { verdict: 'left-my-control', key: 'l', label: 'Left my control', means: 'Given away, paid or lost.' },
  {
    verdict: 'untracked',
    key: 'u',
    label: 'Place Scani does not see',
    means: 'Mine still, in a place that is not in Scani.',
  },
];

/** What came in did not leave; the words follow the direction. */
export function choiceLabel(choice: LoneChoice, side: TransferSide): string {
  return choice.verdict === 'left-my-control' && !isOut(side) ? 'Came from others' : choice.label;
}
export function verdictWords(verdict: TransferVerdict, sides: readonly TransferSide[]): string {
  const [side] = sides;
  return verdict === 'left-my-control' && side && !isOut(side) ? 'Came from others' : VERDICT_WORDS[verdict];
}

export const isOut = (side: TransferSide): boolean => side.quantity.startsWith('-');

/** By whom a rule knows an entry. */
export const counterpartyOf = (side: TransferSide): string | null =>
  side.counterparty?.trim() || side.description?.trim() || null;

/** "12 min later", "same day", "3 days earlier", as seen from the entry. */
export function timeApart(entry: TransferSide, { entry: other, secondsApart }: TransferCandidate): string {
  if (secondsApart === 0) return entry.dayOnly || other.dayOnly ? 'same day' : 'same moment';
  const word = Date.parse(other.occurredAt) < Date.parse(entry.occurredAt) ? 'earlier' : 'later';
  const minutes = Math.round(secondsApart / 60);
  if (minutes < 1) return `seconds ${word}`;
  if (minutes < 120) return `${minutes} min ${word}`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ${word}` : `${Math.round(hours / 24)} days ${word}`;
}
