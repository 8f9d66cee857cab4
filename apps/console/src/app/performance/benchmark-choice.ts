import { computed, inject, Injectable, signal } from '@angular/core';
import { Session } from '../shell/session';
import { readSetting, writeSetting } from '../ui/storage';

/** What returns are compared with. */
export interface ChosenBenchmark {
  id: string;
  symbol: string;
  name: string;
}

/** The choice of each person who uses this browser, for the demo and for what is their own. */
@Injectable({ providedIn: 'root' })
export class BenchmarkChoice {
  private readonly session = inject(Session);
  private readonly changes = signal(0);
  private readonly setting = computed(() => {
    const me = this.session.me();
    return me ? `benchmark.${me.portfolio}.${me.id}` : undefined;
  });
  readonly chosen = computed<ChosenBenchmark | undefined>(() => {
    this.changes();
    const setting = this.setting();
    return setting === undefined ? undefined : chosenFrom(readSetting(setting));
  });

  choose(benchmark: ChosenBenchmark | undefined): void {
    const setting = this.setting();
    if (setting === undefined) return;
    writeSetting(setting, benchmark ? JSON.stringify(benchmark) : '');
    this.changes.update((count) => count + 1);
  }
}

/** What was remembered; anything else than a choice is none. */
export function chosenFrom(text: string | null): ChosenBenchmark | undefined {
  if (!text) return undefined;
  try {
    const { id, symbol, name } = JSON.parse(text) as Record<string, unknown>;
    if (typeof id !== 'string' || typeof symbol !== 'string' || typeof name !== 'string') return undefined;
    return { id, symbol, name };
  } catch {
    return undefined; // written by something else
  }
}
