import { Component, computed, inject, input, signal } from '@angular/core';
import { getPerformance } from '../../api/functions';
import type { PerformanceRange, Scope } from '../../api/models';
import { Explainable, Explained } from '../explain/explained';
import { read } from '../shell/api';
import { signOf } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Segmented } from '../ui/segmented';
import { ProblemCard, Skeleton } from '../ui/states';
import { BenchmarkChoice } from './benchmark-choice';
import { Comparison } from './comparison';
import { factsOf } from './facts';

const LABELS = ['Time-weighted', 'Money-weighted', 'Gain', 'Money in and out', 'Income', 'Exchange rates'];

/** How a scope did over a time: in per cent, in money, and where that came from. Unknown is said, with its reason. */
@Component({
  selector: 'app-performance-card',
  imports: [Comparison, Explained, Icon, Segmented, ProblemCard, Skeleton],
  template: `
    <div class="card-h">
      <h2>
        Performance
        @if (since(); as text) {
          <span class="since">{{ text }}</span>
        }
      </h2>
      <ui-segmented class="ranges" label="Performance over" [options]="ranges" [(value)]="range" />
    </div>
    @if (performance.error(); as failed) {
      <ui-problem title="The performance could not be loaded" [detail]="failed" (again)="performance.reload()" />
    } @else if (facts(); as list) {
      <dl [class.busy]="performance.loading()" [attr.aria-busy]="performance.loading()">
        @for (fact of list; track fact.label) {
          <div [attr.data-testid]="'performance-' + fact.key">
            <dt>{{ fact.label }}</dt>
            <dd class="num" [class.up]="fact.sign === 1" [class.down]="fact.sign === -1" [class.no]="!fact.known">
              @if (fact.sign) {
                <ui-icon [name]="fact.sign === 1 ? 'arrow-up-right' : 'arrow-down-right'" [size]="15" />
              }
              @if (fact.key === 'twr' || fact.key === 'xirr' || fact.key === 'gain') {
                <app-explained [of]="explained()">{{ fact.text }}</app-explained>
              } @else {
                {{ fact.text }}
              }
            </dd>
            <dd class="sub">{{ fact.sub }}</dd>
          </div>
        }
      </dl>
      @for (note of performance.value()?.notes; track note) {
        <p class="note"><ui-icon name="info" [size]="14" />{{ note }}</p>
      }
    } @else {
      <dl aria-busy="true">
        @for (label of labels; track label) {
          <div>
            <dt>{{ label }}</dt>
            <dd><ui-skeleton w="96px" h="22px" /></dd>
            <dd class="sub"><ui-skeleton w="120px" h="14px" /></dd>
          </div>
        }
      </dl>
    }
    <app-comparison [performance]="performance.value()" [busy]="performance.loading()" [name]="name()" />
  `,
  styleUrl: './performance-card.scss',
})
export class PerformanceCard {
  readonly scope = input.required<Scope>();
  readonly id = input<string>();
  /** What it is that performs. */
  readonly name = input('Everything');
  private readonly prefs = inject(Prefs);
  private readonly beside = inject(BenchmarkChoice);
  protected readonly labels = LABELS;
  protected readonly ranges = (['1M', '3M', 'YTD', '1Y', 'ALL'] as const).map((value) => ({
    value,
    label: { '1M': '1M', '3M': '3M', YTD: 'YTD', '1Y': '1Y', ALL: 'All' }[value],
  }));
  protected readonly range = signal<PerformanceRange>('1Y');
  protected readonly performance = read(
    getPerformance,
    () => ({
      scope: this.scope(),
      id: this.id(),
      range: this.range(),
      base: this.prefs.base(),
      benchmark: this.beside.chosen()?.id,
    }),
    { live: 'portfolio' },
  );
  protected readonly facts = computed(() => {
    const it = this.performance.value();
    return it && factsOf(it, this.prefs, signOf);
  });
  protected readonly explained = computed<Explainable>(() => {
    const id = this.id();
    return { kind: 'return', name: this.name(), scope: this.scope(), ...(id ? { id } : {}), range: this.range() };
  });
  protected readonly since = computed(() => {
    const it = this.performance.value();
    return it && `since ${this.prefs.calendarDay(it.from, true)}`;
  });
}
