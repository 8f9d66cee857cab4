export type CheckState = 'ok' | 'degraded' | 'down';

/** What one part of a process says of itself. `down` makes the process unready, `degraded` does not. */
export interface CheckResult {
  state: CheckState;
  detail?: string;
  facts?: Record<string, unknown>;
}

/** A named readiness check. It may take 800 ms. */
export interface ReadinessCheck {
  readonly name: string;
  /** What silence and failure mean; `down` unless told. */
  readonly lossMeans?: Exclude<CheckState, 'ok'>;
  check(): Promise<CheckResult>;
}

export const READINESS_CHECKS = Symbol('READINESS_CHECKS');
/** Checks for people beside those: what is dearer to look at, or does not make a process unready. */
export const DEEP_CHECKS = Symbol('DEEP_CHECKS');
const CHECK_MS = 800;
const ASK_AGAIN_MS = 5_000;

/** Runs all checks at once, each within its time (800 ms unless told). */
export async function runChecks(
  checks: readonly ReadinessCheck[],
  limitMs = CHECK_MS,
): Promise<(CheckResult & { name: string; ms: number })[]> {
  return Promise.all(
    checks.map(async (one) => {
      const started = performance.now();
      const result = await withinTime(one, running(one), limitMs);
      return { name: one.name, ...result, ms: Math.round(performance.now() - started) };
    }),
  );
}

const unanswered = new WeakMap<ReadinessCheck, { asked: Promise<CheckResult>; at: number }>();

/** A part that has gone silent is not asked at every look: each question may hold a connection of a pool. */
function running(one: ReadinessCheck): Promise<CheckResult> {
  const before = unanswered.get(one);
  if (before && Date.now() - before.at < ASK_AGAIN_MS) return before.asked;
  const asked = one.check();
  const question = { asked, at: Date.now() };
  unanswered.set(one, question);
  const answered = (): void => {
    if (unanswered.get(one) === question) unanswered.delete(one);
  };
  asked.then(answered, answered);
  return asked;
}

async function withinTime(one: ReadinessCheck, asked: Promise<CheckResult>, limitMs: number): Promise<CheckResult> {
  const state = one.lossMeans ?? 'down';
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ state, detail: `no answer within ${limitMs} ms` }), limitMs);
  });
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    return { state, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
