import { Component, inject, input } from '@angular/core';
import { listObservations } from '../../api/functions';
import { readPages } from '../shell/api';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { sourceOf } from './words';

/** The balances that were seen, by whom and when. */
@Component({
  selector: 'app-observation-list',
  imports: [MoreButton, Empty, ProblemCard, SkeletonRows],
  template: `
    @if (list.error(); as failed) {
      <ui-problem title="The balances could not be loaded" [detail]="failed" (again)="list.reload()" />
    } @else if (list.pending()) {
      <ui-skeleton-rows />
    } @else if (list.items().length) {
      <ul class="rows">
        @for (one of list.items(); track one.id) {
          <li>
            <div class="main">
              <p class="t">{{ prefs.dayTime(one.at) }}</p>
              <p class="d">according to {{ source(one.source) }}</p>
            </div>
            <b class="num">{{ prefs.exactQuantity(one.balance) }} {{ symbol() }}</b>
          </li>
        }
      </ul>
      <ui-more [shown]="list.hasMore()" [busy]="list.loadingMore()" (more)="list.more()" />
    } @else {
      <ui-empty icon="eye" title="No balance seen yet">Set the balance to say how much there was at a time.</ui-empty>
    }
  `,
  styles: `
    b {
      font-weight: 600;
    }
  `,
})
export class ObservationList {
  readonly holdingId = input.required<string>();
  readonly symbol = input.required<string>();
  protected readonly prefs = inject(Prefs);
  protected readonly source = sourceOf;
  protected readonly list = readPages(listObservations, () => ({ id: this.holdingId(), limit: 25 }), {
    live: 'portfolio',
  });
}
