import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { listActivity } from '../../api/functions';
import { chipOf } from '../holdings/corrections';
import { TRANSACTION_WORDS } from '../holdings/words';
import { paths } from '../paths';
import { read } from '../shell/api';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';

@Component({
  selector: 'app-recent-card',
  imports: [RouterLink, ProblemCard, SkeletonRows],
  template: `
    <div class="card-h">
      <h2>Recent activity</h2>
      <a class="lnk" [routerLink]="paths.activity">All</a>
    </div>
    @if (recent.error(); as failed) {
      <ui-problem title="The activity could not be loaded" [detail]="failed" (again)="recent.reload()" />
    } @else if (recent.value(); as page) {
      <ul class="rows">
        @for (one of page.items; track one.id) {
          <li>
            <div class="main">
              <p class="t" [class.gone]="one.reversedById">
                {{ one.description ?? words[one.kind] + ' ' + one.symbol }}
              </p>
              <p class="d">
                {{ one.description ? words[one.kind] + ' · ' : '' }}{{ one.accountName }} ·
                {{ prefs.day(one.occurredAt) }}{{ chip(one) ? ' · ' + chip(one) : '' }}
              </p>
            </div>
            <span
              class="num amount"
              [class.gone]="one.reversedById"
              [title]="prefs.exactQuantity(one.quantity, true) + ' ' + one.symbol"
              >{{ prefs.moved(one.quantity, one.symbol) }}</span
            >
          </li>
        } @empty {
          <li><p class="d">Transactions appear here as they are recorded.</p></li>
        }
      </ul>
    } @else {
      <ui-skeleton-rows [rows]="4" />
    }
  `,
  styles: `
    :host {
      display: block;
      padding-bottom: 6px;
    }
    .amount {
      white-space: nowrap;
      font-size: 13px;
      font-weight: 560;
    }
    .lnk {
      display: inline-flex;
      align-items: center;
      padding: 4px 8px;
    }
  `,
})
export class RecentCard {
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly words = TRANSACTION_WORDS;
  protected readonly chip = chipOf;
  protected readonly recent = read(listActivity, () => ({ limit: 5 }), { live: 'portfolio' });
}
