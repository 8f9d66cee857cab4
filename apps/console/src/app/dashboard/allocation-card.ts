import { Component, computed, inject, signal } from '@angular/core';
import { getAllocation } from '../../api/functions';
import type { AllocationBy } from '../../api/models';
import { read } from '../shell/api';
import { Donut } from '../ui/donut';
import { signOf } from '../ui/format';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, Skeleton } from '../ui/states';

const BY: { value: AllocationBy; label: string }[] = [
  { value: 'kind', label: 'By kind' },
  { value: 'asset', label: 'By asset' },
  { value: 'institution', label: 'By institution' },
  { value: 'account', label: 'By account' },
  { value: 'group', label: 'By group' },
];

@Component({
  selector: 'app-allocation-card',
  imports: [Donut, Empty, ProblemCard, Skeleton],
  template: `
    <div class="card-h">
      <h2>Allocation</h2>
      <select class="native bare" aria-label="Allocation by" #pick (change)="by.set($any(pick.value))">
        @for (one of all; track one.value) {
          <option [value]="one.value" [selected]="one.value === by()">{{ one.label }}</option>
        }
      </select>
    </div>
    @if (allocation.error(); as failed) {
      <ui-problem title="No allocation" [detail]="failed" (again)="allocation.reload()" />
    } @else if (allocation.value(); as it) {
      @if (it.slices.length) {
        <ui-donut [slices]="it.slices" [currency]="it.base" />
        @if (left()) {
          <p class="left">{{ left() }}</p>
        }
      } @else {
        <ui-empty icon="coins" title="Nothing to divide yet"
          >Shares appear with the first holding that has a price.</ui-empty
        >
      }
    } @else {
      <div class="wait">
        <ui-skeleton class="round" w="184px" h="184px" /><ui-skeleton h="28px" /><ui-skeleton h="28px" /><ui-skeleton
          h="28px"
        />
      </div>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    ui-donut {
      padding: 8px 12px 6px;
    }
    .wait {
      display: grid;
      gap: 10px;
      justify-items: center;
      padding: 8px 18px 18px;
    }
    .round {
      border-radius: 50%;
    }
    .left {
      padding: 4px 20px 16px;
      font-size: 12px;
      color: var(--c-text-3);
    }
  `,
})
export class AllocationCard {
  private readonly prefs = inject(Prefs);
  protected readonly all = BY;
  protected readonly by = signal<AllocationBy>('kind');
  protected readonly allocation = read(getAllocation, () => ({ by: this.by(), base: this.prefs.base() }), {
    live: 'portfolio',
  });
  /** What is not in the picture, said in words. */
  protected readonly left = computed(() => {
    const it = this.allocation.value();
    if (!it) return '';
    const parts = [
      ...(signOf(it.liabilities) !== 0 ? [`${this.prefs.money(it.liabilities, it.base)} that you owe`] : []),
      ...(it.unpriced ? [`${it.unpriced} ${it.unpriced === 1 ? 'holding' : 'holdings'} without a price`] : []),
    ];
    return parts.length ? `Left out: ${parts.join(', ')}.` : '';
  });
}
