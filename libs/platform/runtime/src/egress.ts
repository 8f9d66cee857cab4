import { AsyncLocalStorage } from 'node:async_hooks';

/** One call that left this process for somebody else's server. Nothing of what was said is in it. */
export interface EgressCall {
  readonly at: Date;
  /** With its port where it is not the usual one. */
  readonly host: string;
  /** What for, in one word: `prices`, `mail`, … */
  readonly purpose: string;
  /** Of the answer; null where there was none. */
  readonly status: number | null;
  /** Path, query and body. */
  readonly sentBytes: number;
  /** Body, unpacked. */
  readonly receivedBytes: number;
  readonly ms: number;
  /** For whom; null where it was for everybody here. */
  readonly userId: string | null;
  /** A pseudonym of the issued key that it was made for. */
  readonly key: string | null;
  /** US dollars, as exact decimal; null where nobody says. */
  readonly cost: string | null;
}

/** Whose work it is that calls are made for. Filled in as it becomes known. */
export interface EgressFacts {
  purpose?: string;
  userId?: string;
  key?: string;
}

const facts = new AsyncLocalStorage<EgressFacts>();
const listeners = new Set<(call: EgressCall) => void>();

/** Calls that `work` leads to are for this, unless they say otherwise. */
export function forEgress<T>(said: EgressFacts, work: () => T): T {
  return facts.run({ ...facts.getStore(), ...said }, work);
}

/** Says more of the work that goes on; nothing where none was begun by `forEgress`. */
export function tellEgress(said: EgressFacts): void {
  const known = facts.getStore();
  if (known) Object.assign(known, said);
}

/** Hears of every call from now on; returns what ends that. */
export function onEgress(listener: (call: EgressCall) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** For calls that are not made by `outbound`. */
export function noteEgress(
  call: Pick<EgressCall, 'at' | 'host' | 'status' | 'sentBytes' | 'receivedBytes' | 'ms'> &
    Partial<Pick<EgressCall, 'purpose' | 'cost'>>,
): void {
  if (listeners.size === 0) return;
  const { purpose = 'other', userId = null, key = null } = facts.getStore() ?? {};
  const whole: EgressCall = { purpose, userId, key, cost: null, ...call };
  for (const listener of listeners) listener(whole);
}
