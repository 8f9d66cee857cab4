import type { ChainRunState, ChainStep, ChainStepState } from '../../api/models';

interface Look {
  word: string;
  tone: string;
}

export const NIGHT_STATES: Record<ChainRunState, Look> = {
  running: { word: 'running', tone: 'accent' },
  completed: { word: 'done', tone: 'good' },
  failed: { word: 'done with failures', tone: 'bad' },
};

export const STEP_STATES: Record<ChainStepState, Look> = {
  waiting: { word: 'waiting', tone: '' },
  active: { word: 'running', tone: 'accent' },
  completed: { word: 'done', tone: 'good' },
  failed: { word: 'failed', tone: 'bad' },
  skipped: { word: 'skipped', tone: '' },
};

const STEPS: Record<string, string> = {
  'yield-night': 'Interest that came due',
  'wallet-night': 'Wallets read in full',
  'score-night': 'Scam tokens looked for',
  'fill-daily-prices': 'Closing prices',
  'fill-exchange-rates': 'Exchange rates',
  'transfer-night': 'Transfers found and linked',
  'rollup-night': 'Charts, returns and gains of everybody',
  'close-holdings': 'Empty holdings closed',
  'digest-ledger': 'Ledger digests',
  'down-sample-prices': 'Old quotes thinned out to closes',
};

/** A step in words; one that is new here keeps its own name. */
export function stepWords(name: string): string {
  return STEPS[name] ?? name;
}

/** How long something took, in the two largest units. */
export function durationWords(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min ${seconds % 60} s`;
}

/** The jobs that a step shared out; the step itself may be among the failed. */
export function partWords({ parts, failed, state }: Pick<ChainStep, 'parts' | 'failed' | 'state'>): string {
  const shared = parts > 0 ? ` · ${parts} ${parts === 1 ? 'part' : 'parts'}` : '';
  if (failed === 0) return shared;
  return parts === 0 && state === 'failed' ? `${shared} · it failed` : `${shared} · ${failed} failed`;
}

/** Which steps of a night failed, if any. */
export function troubleWords(steps: readonly Pick<ChainStep, 'name' | 'state'>[]): string {
  const failed = steps.filter((step) => step.state === 'failed').map((step) => stepWords(step.name));
  return failed.length ? `; failed: ${failed.join(', ')}` : '';
}
