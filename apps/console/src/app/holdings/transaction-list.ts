import { Component, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { listTransactions } from '../../api/functions';
import { paths } from '../paths';
import { readPages } from '../shell/api';
import { TransferChip } from '../transfers/transfer-chip';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { chipOf } from './corrections';
import { RowActions } from './row-actions';
import { sourceOf, TRANSACTION_WORDS } from './words';

/** The ledger of one holding, newest first. */
@Component({
  selector: 'app-transaction-list',
  imports: [RouterLink, Icon, TransferChip, MoreButton, RowActions, Empty, ProblemCard, SkeletonRows],
  template: `
    @if (refused()) {
      <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ refused() }}</p>
    }
    @if (list.error(); as failed) {
      <ui-problem title="The ledger could not be loaded" [detail]="failed" (again)="list.reload()" />
    } @else if (list.pending()) {
      <ui-skeleton-rows />
    } @else if (list.items().length) {
      <div class="tbl-box" tabindex="0" role="region" aria-label="Ledger">
        <table class="tbl">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" class="wide">Source</th>
              <th scope="col" class="n wide">Price</th>
              <th scope="col" class="n">Quantity</th>
              <th scope="col" class="n wide">Balance after</th>
              <th scope="col" class="act"><span class="sr-only">Actions</span></th>
            </tr>
          </thead>
          <tbody>
            @for (one of list.items(); track one.id) {
              <tr [class.off]="chip(one)">
                <th scope="row">
                  <b [class.gone]="one.reversedById">{{ one.description ?? words[one.kind] }}</b><span class="sub"
                    >{{ one.description ? words[one.kind] + ' · ' : '' }}{{ prefs.dayTime(one.occurredAt) }}</span
                  >
                  @if (chip(one); as word) {
                    <span class="tag">{{ word }}</span>
                  }
                  @if (one.transfer; as transfer) {
                    <app-transfer-chip [transfer]="transfer" [quantity]="one.quantity" />
                  }
                </th>
                <td class="wide">
                  {{ one.counterparty ?? '' }}
                  <span class="sub">
                    @if (one.importId; as from) {
                      <a [routerLink]="paths.import(from)">from a file</a>
                    } @else {
                      {{ source(one.source) }}
                    }
                    @if (one.fee; as fee) {
                      · fee {{ prefs.quantity(fee.quantity, fee.currency) }} {{ fee.currency }}
                    }
                  </span>
                </td>
                <td class="n wide">{{ one.price ? prefs.price(one.price.value, one.price.currency) : '—' }}</td>
                <td class="n" [title]="prefs.exactQuantity(one.quantity, true) + ' ' + symbol()">
                  <b [class.gone]="one.reversedById">{{ prefs.quantity(one.quantity, symbol(), true) }}</b><span
                    class="sub"
                    >{{ symbol() }}</span
                  >
                </td>
                <td class="n wide">
                  {{ one.balanceAfter === null ? '—' : prefs.quantity(one.balanceAfter, symbol()) }}
                </td>
                <td class="act"><app-row-actions [row]="one" (failed)="refused.set($event)" /></td>
              </tr>
            }
          </tbody>
        </table>
      </div>
      <ui-more [shown]="list.hasMore()" [busy]="list.loadingMore()" (more)="list.more()" />
    } @else {
      <ui-empty icon="history" title="No transactions yet">
        What happens to this holding is written here and never changed; a correction is a new line.
      </ui-empty>
    }
  `,
  styles: `
    th b {
      overflow-wrap: anywhere;
    }
    .form-error {
      margin: 0 18px 10px;
    }
    .off b {
      color: var(--c-text-3);
    }
    .act {
      width: 44px;
      text-align: right;
    }
    .tbl td.act {
      padding-left: 0;
      padding-right: 10px;
    }
    @container (max-width: 640px) {
      .wide {
        display: none;
      }
    }
  `,
})
export class TransactionList {
  readonly holdingId = input.required<string>();
  readonly symbol = input.required<string>();
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly words = TRANSACTION_WORDS;
  protected readonly source = sourceOf;
  protected readonly chip = chipOf;
  protected readonly refused = signal('');
  protected readonly list = readPages(listTransactions, () => ({ id: this.holdingId(), limit: 25 }), {
    live: 'portfolio',
  });
}
