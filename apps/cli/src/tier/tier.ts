import { Logger } from '@nestjs/common';
import { tierCheck, type TierCheckOptions } from './tier-check.js';

export function tier(what: string | undefined, options: TierCheckOptions): Promise<number> {
  // What connections say of themselves is in the findings.
  Logger.overrideLogger(false);
  if (what === 'check') return tierCheck(options);
  throw new Error(`scani tier ${what ?? ''} is not known: use check`);
}
