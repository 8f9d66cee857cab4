/** `skipped` means that it could not or need not be looked at, and the sentence says why. */
export type DoctorState = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Diagnosis {
  state: DoctorState;
  /** What was found, in one sentence. */
  sentence: string;
  /** What to do about it; there with `warn` and `fail`. */
  remedy?: string;
  facts?: Record<string, unknown>;
}

export interface Examination {
  name: string;
  run(): Promise<Diagnosis>;
}

export interface Finding extends Diagnosis {
  name: string;
  ms: number;
}

export const ok = (sentence: string, facts?: Record<string, unknown>): Diagnosis => made('ok', sentence, facts);
export const skipped = (sentence: string, facts?: Record<string, unknown>): Diagnosis =>
  made('skipped', sentence, facts);
export const warn = (sentence: string, remedy: string, facts?: Record<string, unknown>): Diagnosis => ({
  ...made('warn', sentence, facts),
  remedy,
});
export const fail = (sentence: string, remedy: string, facts?: Record<string, unknown>): Diagnosis => ({
  ...made('fail', sentence, facts),
  remedy,
});

const made = (state: DoctorState, sentence: string, facts?: Record<string, unknown>): Diagnosis => ({
  state,
  sentence,
  ...(facts ? { facts } : {}),
});

/** Runs all at once, each within its time; one that breaks or hangs is a finding of its own. */
export async function examine(examinations: readonly Examination[], limitMs: number): Promise<Finding[]> {
  return Promise.all(
    examinations.map(async (one) => {
      const started = performance.now();
      const diagnosis = await within(one, limitMs);
      return { name: one.name, ...diagnosis, ms: Math.round(performance.now() - started) };
    }),
  );
}

async function within(one: Examination, limitMs: number): Promise<Diagnosis> {
  const { promise: late, resolve } = Promise.withResolvers<Diagnosis>();
  const timer = setTimeout(
    () => resolve(fail(`There was no answer within ${limitMs / 1000} s.`, 'See whether a firewall swallows packets.')),
    limitMs,
  );
  try {
    return await Promise.race([one.run(), late]);
  } catch (error) {
    return fail(`This could not be examined: ${messageOf(error)}`, 'Look at the finding before this one first.');
  } finally {
    clearTimeout(timer);
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** 1: something is wrong, 2: something could be better, 0: all is well. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ state }) => state === 'fail')) return 1;
  return findings.some(({ state }) => state === 'warn') ? 2 : 0;
}
