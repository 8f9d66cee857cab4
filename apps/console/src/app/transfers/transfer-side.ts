import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { TransferSide as Side } from '../../api/models';
import { paths } from '../paths';
import { Prefs } from '../ui/prefs';

/** One side of a transfer: how much, where, when, and what the source says of it. */
@Component({
  selector: 'app-transfer-side',
  imports: [RouterLink],
  template: `
    <p class="q">
      <b class="num" [title]="prefs.exactQuantity(side().quantity, true) + ' ' + side().symbol">{{
        prefs.moved(side().quantity, side().symbol)
      }}</b>
      <a [routerLink]="paths.holding(side().holdingId)">{{ side().accountName }}</a>
    </p>
    <p class="d">
      {{ side().dayOnly ? prefs.day(side().occurredAt) : prefs.dayTime(side().occurredAt) }}
      @if (side().counterparty ?? side().description; as said) {
        · {{ said }}
      }
    </p>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .q {
      display: flex;
      flex-wrap: wrap;
      gap: 1px 10px;
      align-items: baseline;
      overflow-wrap: anywhere;
    }
    b {
      font-weight: 620;
    }
    a {
      color: var(--c-text);
      text-decoration-color: var(--c-text-3);
    }
    .d {
      font-size: 12.5px;
      color: var(--c-text-3);
      overflow-wrap: anywhere;
    }
  `,
})
export class TransferSide {
  readonly side = input.required<Side>();
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
}
