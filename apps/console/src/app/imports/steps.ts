import type { ImportState } from '../../api/models';

/** The steps that people see; a server state belongs to exactly one. */
export const STEPS = ['File', 'Columns', 'Review', 'Done'] as const;
export type View = 'working' | 'mapping' | 'review' | 'done' | 'failed' | 'discarded' | 'undone';

export interface Place {
  view: View;
  /** Index into STEPS. */
  step: number;
}

const PLACES: Record<ImportState, Place> = {
  waiting: { view: 'working', step: 0 },
  reading: { view: 'working', step: 0 },
  'needs-mapping': { view: 'mapping', step: 1 },
  'to-review': { view: 'review', step: 2 },
  recording: { view: 'working', step: 3 },
  recorded: { view: 'done', step: 3 },
  failed: { view: 'failed', step: 0 },
  discarded: { view: 'discarded', step: 0 },
  undoing: { view: 'working', step: 3 },
  undone: { view: 'undone', step: 3 },
};

export function placeOf(state: ImportState): Place {
  return PLACES[state];
}

/** The server is at work and news will come: the page may be left meanwhile. */
export function isWorking(state: ImportState): boolean {
  return PLACES[state].view === 'working';
}

/** What the server is doing meanwhile; of a state without a word it waits. */
export const WORKING_WORDS: Partial<Record<ImportState, string>> = {
  reading: 'Reading',
  recording: 'Recording',
  undoing: 'Taking back',
};

export const STATE_WORDS: Record<ImportState, { word: string; tone: string }> = {
  waiting: { word: 'waiting', tone: '' },
  reading: { word: 'being read', tone: 'accent' },
  'needs-mapping': { word: 'needs its columns', tone: 'warn' },
  'to-review': { word: 'to review', tone: 'warn' },
  recording: { word: 'being recorded', tone: 'accent' },
  recorded: { word: 'recorded', tone: 'good' },
  failed: { word: 'failed', tone: 'bad' },
  discarded: { word: 'discarded', tone: '' },
  undoing: { word: 'being taken back', tone: 'accent' },
  undone: { word: 'taken back', tone: '' },
};

export const FORMAT_WORDS = {
  csv: 'CSV',
  'revolut-csv': 'Revolut CSV',
  ofx: 'OFX',
  pdf: 'PDF, read by AI',
  screenshot: 'Picture, read by AI',
} as const;
