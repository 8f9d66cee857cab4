import type { Day } from '@scani/money';
import { call, textBodyOf } from '../call.js';
import type { Lent } from '../provider.js';

export const NAME = 'ecb';

export interface EcbSettings {
  /** Root of the data portal's web service, e.g. `https://data-api.ecb.europa.eu/service`. */
  readonly url: string;
}

/** The series `D.<currencies>.EUR.SP00.A` of the dataflow EXR as CSV; empty for 404, which means: nothing in this range. */
export async function ask(
  settings: EcbSettings,
  lent: Lent,
  codes: readonly string[],
  from: Day,
  to: Day,
): Promise<string> {
  const path = `/data/EXR/D.${codes.join('+')}.EUR.SP00.A`;
  const query = { startPeriod: from, endPeriod: to, detail: 'dataonly', format: 'csvdata' };
  const answer = await call(NAME, lent, settings.url, path, query, { accept: 'text/csv' });
  return answer.status === 404 ? '' : textBodyOf(NAME, answer, lent.now());
}
