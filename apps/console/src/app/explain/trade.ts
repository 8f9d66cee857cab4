import { Component, computed, inject, input } from '@angular/core';
import type { TradeExplanation } from '../../api/models';
import { TRANSACTION_WORDS } from '../holdings/words';
import { Prefs } from '../ui/prefs';
import { PriceWay } from './price-way';

/** A transaction with its price and fee, and what their currencies were worth on the day. */
@Component({
  selector: 'app-trade',
  imports: [PriceWay],
  template: `
    @let it = trade();
    <p>
      <b class="num">{{ prefs.exactQuantity(it.quantity, true) }} {{ it.symbol }}</b>
      <span class="how"> · {{ kinds[it.kind] }} · {{ prefs.dayTime(it.at) }} · {{ it.accountName }}</span>
    </p>
    @for (paid of amounts(); track paid.word) {
      <div class="paid">
        <p class="line">
          <span>{{ paid.word }}</span>
          <span class="num" [title]="paid.isPrice || !prefs.hidden() ? paid.amount.value : ''"
            >{{ paid.isPrice ? prefs.rate(paid.amount.value) : prefs.exactQuantity(paid.amount.value) }}
            {{ paid.amount.currency }}</span
          >
        </p>
        @if (paid.amount.currency !== base()) {
          @if (paid.amount.rate; as rate) {
            <app-price-way [price]="rate" [symbol]="paid.amount.currency" [base]="base()" />
            @if (paid.amount.inBase; as inBase) {
              <p class="line">
                <span>in {{ base() }}</span>
                <b class="num">{{ paid.isPrice ? prefs.price(inBase, base()) : prefs.money(inBase, base()) }}</b>
              </p>
            }
          } @else {
            <p class="how warn">{{ paid.amount.currency }} had no fresh price on that day.</p>
          }
        }
      </div>
    }
    @if (!it.price) {
      <p class="how warn">What it was worth on that day is not known.</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 6px;
      font-size: 13px;
    }
    b {
      font-weight: 600;
      overflow-wrap: anywhere;
    }
    .how {
      font-size: 12px;
      color: var(--c-text-3);
    }
    .how.warn {
      color: var(--c-warn);
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: 0 14px;
    }
    .paid {
      display: grid;
      gap: 4px;
    }
    app-price-way {
      padding-left: 12px;
      border-left: 2px solid var(--c-line);
    }
  `,
})
export class Trade {
  readonly trade = input.required<TradeExplanation>();
  readonly base = input.required<string>();
  protected readonly prefs = inject(Prefs);
  protected readonly kinds = TRANSACTION_WORDS;
  protected readonly amounts = computed(() => {
    const { price, fee, atMarket } = this.trade();
    return [
      ...(price
        ? [{ word: atMarket ? 'Price of one, the market of the day' : 'Price of one', amount: price, isPrice: true }]
        : []),
      ...(fee ? [{ word: 'Fee', amount: fee, isPrice: false }] : []),
    ];
  });
}
