import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { readPages } from '../shell/api';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_VALUE } from '../ui/dialog-ref';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Segmented } from '../ui/segmented';
import { Empty, ProblemCard, Skeleton, SkeletonRows } from '../ui/states';
import type { Explainable } from './explained';
import { readValue } from './paged';
import { ValuePartRow } from './value-part';
import { momentOf } from './words';

const PAGE = 25;
const COVERAGE_WORDS = {
  full: 'Complete',
  partial: 'Mostly complete',
  estimated: 'Partly estimated',
  unknown: 'Not known',
} as const;

/** A value taken apart: its holdings, their balances and prices; on any day, and as it was known on any day. */
@Component({
  selector: 'app-explain-value',
  imports: [DialogFrame, Icon, MoreButton, Segmented, Empty, ProblemCard, Skeleton, SkeletonRows, ValuePartRow],
  templateUrl: './explain-value.html',
  styleUrl: './explain.scss',
})
export class ExplainValue {
  protected readonly of = inject(DIALOG_VALUE) as Explainable & { kind: 'value' };
  protected readonly prefs = inject(Prefs);
  protected readonly today = new Date().toISOString().slice(0, 10);
  protected readonly coverageWords = COVERAGE_WORDS;
  protected readonly on = signal(this.of.on ?? '');
  protected readonly knownOn = signal('');
  private readonly moment = computed(() => momentOf(this.on(), this.knownOn(), this.today));
  protected readonly compared = computed(() => this.moment().knownAt !== undefined);
  private readonly place = { scope: this.of.scope, ...(this.of.id ? { id: this.of.id } : {}), limit: PAGE };
  protected readonly before = readPages(readValue, () =>
    this.compared() ? { ...this.place, base: this.prefs.base(), ...this.moment() } : undefined,
  );
  protected readonly now = readPages(
    readValue,
    () => {
      const { on } = this.moment();
      return { ...this.place, base: this.prefs.base(), ...(on ? { on } : {}) };
    },
    { live: 'portfolio' },
  );
  protected readonly sides = [
    { value: 'then' as const, label: 'Said then' },
    { value: 'now' as const, label: 'Said now' },
  ];
  protected readonly answers = computed(() => (this.compared() ? (['then', 'now'] as const) : (['now'] as const)));
  protected readonly side = linkedSignal<'then' | 'now'>(() => (this.compared() ? 'then' : 'now'));
  protected readonly shown = computed(() => (this.side() === 'then' && this.compared() ? this.before : this.now));
  protected readonly when = computed(() => {
    const { on } = this.moment();
    return on ? `at the end of ${this.prefs.calendarDay(on, true)} (UTC)` : 'now';
  });

  protected reset(): void {
    this.on.set('');
    this.knownOn.set('');
  }
}
