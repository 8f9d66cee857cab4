import { Component, inject, input } from '@angular/core';
import type { PriceExplanation } from '../../api/models';
import { sourceOf } from '../holdings/words';
import { Prefs } from '../ui/prefs';
import { ageWords } from './words';

/** How one unit became an amount of the base currency: every leg with its quote, source and age. */
@Component({
  selector: 'app-price-way',
  template: `
    <ol>
      @for (leg of price().legs; track $index) {
        <li>
          <p class="line">
            <span>1 {{ leg.from }}</span>
            <b class="num" [title]="leg.value">= {{ prefs.rate(leg.value) }} {{ leg.to }}</b>
          </p>
          <p class="how">
            {{ leg.close ? 'close of ' + prefs.day(leg.at) : prefs.dayTime(leg.at) }}, {{ ages(leg.age) }} ·
            {{ source(leg.source) }}
            @if (leg.inverted) {
              · quoted the other way round
            }
          </p>
        </li>
      } @empty {
        <li><p class="how">It is counted in this currency itself, so no price is needed.</p></li>
      }
    </ol>
    @if (price().legs.length > 1) {
      <p class="line total">
        <span>1 {{ symbol() }}</span>
        <b class="num" [title]="price().rate">= {{ prefs.rate(price().rate) }} {{ base() }}</b>
      </p>
    }
    @if (price().stale) {
      <p><span class="tag warn">old price</span></p>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    ol {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: 0 12px;
    }
    b {
      font-weight: 550;
    }
    .how {
      font-size: 12px;
      color: var(--c-text-3);
    }
    li + li {
      margin-top: 6px;
    }
    .total {
      margin-top: 6px;
      padding-top: 6px;
      border-top: 1px solid var(--c-grid);
    }
  `,
})
export class PriceWay {
  readonly price = input.required<PriceExplanation>();
  readonly symbol = input.required<string>();
  readonly base = input.required<string>();
  protected readonly prefs = inject(Prefs);
  protected readonly source = sourceOf;
  protected readonly ages = ageWords;
}
