import { CloudError } from '@scani/cloud';

export interface SyncProblem {
  code: string;
  /** In a sentence, for the person whose wallet it is. */
  detail: string;
}

const LATER = 'Nothing is lost. It goes on by itself; there is nothing that you have to do.';
const OPERATOR = 'Tell whoever runs this Scani: the page System, Data-provider says what is to be done.';

/** What to do about it. */
const REMEDIES: Readonly<Record<string, string>> = {
  limited: LATER,
  away: LATER,
  unreachable: LATER,
  timeout: LATER,
  failed: 'Nothing is lost. It is tried again by itself; if it stays so, tell whoever runs this Scani.',
  refused: 'Stop following it, and add it again; what is recorded stays.',
  unauthorized: OPERATOR,
  forbidden: OPERATOR,
  'not-offered': OPERATOR,
  'not-covered': OPERATOR,
  'chain-limited': LATER,
  'chain-unavailable': LATER,
  'chain-key-refused': OPERATOR,
  'chain-not-offered': OPERATOR,
  'chain-not-covered': OPERATOR,
};
export const remedyOf = (code: string): string => REMEDIES[code] ?? (REMEDIES['failed'] as string);

/** What became of a sync that did not get through; what is no answer of the data-provider is for the log. */
export function syncProblemOf(error: unknown): SyncProblem {
  if (!(error instanceof CloudError)) return { code: 'failed', detail: 'Reading this wallet broke off.' };
  if (error.problem !== undefined && REMEDIES[error.problem]) return { code: error.problem, detail: error.detail };
  return { code: error.away ? 'away' : error.code, detail: error.detail };
}
