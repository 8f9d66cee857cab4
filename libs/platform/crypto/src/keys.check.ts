import { Logger } from '@nestjs/common';
import type { Db } from '@scani/database';
import type { CheckResult, ReadinessCheck } from '@scani/runtime';
import { type CanaryFinding, meetCanary } from './canary.js';
import type { KeyRing } from './seal.js';

const TRUST_GOOD_MS = 30_000;
const TRUST_BAD_MS = 1_000;
/** Postgres: undefined_table. */
const NO_TABLE = '42P01';
const WRONG_KEY = 'wrong_key';

/**
 * Ready only with the key that the installation was sealed with: another one would write what nobody else can read, so it
 * seals nothing until it is the right one.
 */
export class KeysCheck implements ReadinessCheck {
  readonly name = 'keys';
  private readonly log = new Logger('Keys');
  private last: { result: CheckResult; until: number } | undefined;
  private said: string | undefined;

  constructor(
    private readonly db: Db,
    private readonly keys: KeyRing,
  ) {}

  async check(): Promise<CheckResult> {
    if (this.last && Date.now() < this.last.until) return this.last.result;
    const result = await this.look();
    this.last = { result, until: Date.now() + (result.state === 'down' ? TRUST_BAD_MS : TRUST_GOOD_MS) };
    this.say(result);
    return result;
  }

  private async look(): Promise<CheckResult> {
    try {
      const finding = await meetCanary(this.db, this.keys);
      this.keys.isForeign = finding.state === 'foreign';
      return resultOf(finding);
    } catch (error) {
      if (codeOf(error) !== NO_TABLE) throw error;
      return { state: 'down', detail: 'not known before the migrations have run (scani migrate up)' };
    }
  }

  /** Each change once: readiness is asked for every few seconds. */
  private say({ state, detail }: CheckResult): void {
    if (detail === this.said) return;
    this.said = detail;
    if (detail && state === 'degraded') this.log.warn(detail);
    else if (detail?.startsWith(WRONG_KEY)) this.log.error(detail);
  }
}

/** What a finding means for the process that has the keys. */
export function resultOf({ state, stored, own }: CanaryFinding): CheckResult {
  const facts = { stored, own };
  switch (state) {
    case 'own':
      return { state: 'ok', facts };
    case 'previous':
      return {
        state: 'degraded',
        facts,
        detail: `This installation was sealed with key ${stored}, known here as ENCRYPTION_KEY_PREVIOUS; new values are sealed with ${own}. When no value of the old key is left, run "scani keys adopt" and remove ENCRYPTION_KEY_PREVIOUS.`,
      };
    case 'foreign':
      return {
        state: 'down',
        facts,
        detail: `${WRONG_KEY}: this installation was sealed with key ${stored}, ENCRYPTION_KEY here is ${own}. Set ENCRYPTION_KEY to the key that belongs to this database (it is kept with its backups), or add it as ENCRYPTION_KEY_PREVIOUS. Nothing was changed.`,
      };
  }
}

const codeOf = (error: unknown): string | undefined =>
  (error as { code?: string; driverError?: { code?: string } } | null)?.driverError?.code ??
  (error as { code?: string } | null)?.code;
