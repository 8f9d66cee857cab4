import { Logger } from '@nestjs/common';
import { tierCheck, type TierCheckOptions } from './tier-check.js';
import { tierVerify } from './tier-verify.js';

export function tier(
  what: string | undefined,
  options: TierCheckOptions & { user: string | undefined },
): Promise<number> {
  // What connections say of themselves is in the findings.
  Logger.overrideLogger(false);
  if (what === 'check') return tierCheck(options);
  if (what === 'verify') return tierVerify(options.user, options.json);
  throw new Error(`scani tier ${what ?? ''} is not known: use check or verify`);
}
