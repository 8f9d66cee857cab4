import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { listActivity } from '../../api/functions';
import type { Transaction } from '../../api/models';
import { chipOf } from '../holdings/corrections';
import { RowActions } from '../holdings/row-actions';
import { TRANSACTION_WORDS } from '../holdings/words';
import { paths } from '../paths';
import { readPages } from '../shell/api';
import { TransferChip } from '../transfers/transfer-chip';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';

/** Everything that happened, day by day, newest first. */
@Component({
  selector: 'app-activity',
  imports: [RouterLink, Icon, TransferChip, MoreButton, RowActions, Empty, ProblemCard, SkeletonRows],
  template: `
    <div class="page narrow">
      <div class="page-h"><h1>Activity</h1></div>
      @if (refused()) {
        <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ refused() }}</p>
      }
      @if (list.error(); as failed) {
        <section class="card">
          <ui-problem title="The activity could not be loaded" [detail]="failed" (again)="list.reload()" />
        </section>
      } @else if (list.pending()) {
        <section class="card"><ui-skeleton-rows [rows]="9" /></section>
      } @else {
        <section class="card" aria-label="Activity, newest first">
          @for (day of days(); track day.label) {
            <h2>{{ day.label }}</h2>
            <ul class="rows">
              @for (one of day.items; track one.id) {
                <li [class.off]="chip(one)">
                  <span class="mono" aria-hidden="true">{{ one.symbol.slice(0, 4) }}</span>
                  <div class="main">
                    <a class="t" [class.gone]="one.reversedById" [routerLink]="paths.holding(one.holdingId)">{{
                      one.description ?? words[one.kind] + ' ' + one.symbol
                    }}</a>
                    <p class="d">{{ one.description ? words[one.kind] + ' · ' : '' }}{{ one.accountName }}</p>
                    @if (chip(one); as word) {
                      <span class="tag">{{ word }}</span>
                    }
                    @if (one.transfer; as transfer) {
                      <app-transfer-chip [transfer]="transfer" [quantity]="one.quantity" />
                    }
                  </div>
                  <b
                    class="num"
                    [class.gone]="one.reversedById"
                    [title]="prefs.exactQuantity(one.quantity, true) + ' ' + one.symbol"
                    >{{ prefs.moved(one.quantity, one.symbol) }}</b
                  >
                  <app-row-actions [row]="one" (failed)="refused.set($event)" />
                </li>
              }
            </ul>
          } @empty {
            <ui-empty icon="history" title="Nothing has happened yet">
              Transactions appear here as they are recorded.
              <a action class="btn" [routerLink]="paths.newImport">Import a file</a>
            </ui-empty>
          }
          <ui-more [shown]="list.hasMore()" [busy]="list.loadingMore()" (more)="list.more()" />
        </section>
      }
    </div>
  `,
  styles: `
    h2 {
      padding: 9px 18px;
      border-bottom: 1px solid var(--c-grid);
      background: var(--c-hover);
      font-size: 12.5px;
      color: var(--c-text-2);
    }
    h2:first-child {
      border-radius: var(--radius) var(--radius) 0 0;
    }
    ul + h2 {
      border-top: 1px solid var(--c-grid);
    }
    a.t {
      color: var(--c-text);
    }
    b {
      font-weight: 600;
      font-size: 13px;
      white-space: nowrap;
    }
    .off a.t,
    .off b {
      color: var(--c-text-3);
    }
    app-row-actions {
      margin-right: -8px;
    }
  `,
})
export default class Activity {
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly words = TRANSACTION_WORDS;
  protected readonly chip = chipOf;
  protected readonly refused = signal('');
  protected readonly list = readPages(listActivity, () => ({ limit: 50 }), { live: 'portfolio' });
  protected readonly days = computed(() => {
    const days: { label: string; items: Transaction[] }[] = [];
    for (const one of this.list.items()) {
      const label = this.prefs.day(one.occurredAt);
      const last = days.at(-1);
      if (last?.label === label) last.items.push(one);
      else days.push({ label, items: [one] });
    }
    return days;
  });
}
