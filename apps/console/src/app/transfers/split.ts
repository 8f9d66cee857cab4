import { Component, computed, inject, signal } from '@angular/core';
import { listTransferParts } from '../../api/functions';
import type { TransferSide as Side } from '../../api/models';
import { read } from '../shell/api';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { signOf } from '../ui/format';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';
import { leftOf } from './sum';
import { TransferSide } from './transfer-side';

export type Parts = readonly Side[];

/** Chooses the parts of one entry; they have to add up to it to the last digit. */
@Component({
  selector: 'app-split',
  imports: [DialogFrame, ProblemCard, SkeletonRows, TransferSide],
  template: `<ui-dialog title="A transfer in parts">
    <app-transfer-side [side]="whole" />
    @if (list.error(); as failed) {
      <ui-problem title="The entries could not be loaded" [detail]="failed" (again)="list.reload()" />
    } @else if (list.pending()) {
      <ui-skeleton-rows [rows]="3" />
    } @else {
      <ul class="rows" tabindex="0" aria-label="Parts to choose from">
        @for (side of list.value()?.items; track side.id) {
          <li>
            <label
              ><input
                type="checkbox"
                #box
                [checked]="chosen().has(side.id)"
                (change)="choose(side, box.checked)" /><app-transfer-side [side]="side"
            /></label>
          </li>
        } @empty {
          <li class="none">Nothing undecided within 30 days could be a part of this.</li>
        }
      </ul>
    }
    <p class="left" role="status" [class.ok]="fits()">
      <span>{{ words() }}</span><b class="num">{{ prefs.exactQuantity(left().replace('-', '')) }} {{ whole.symbol }}</b>
    </p>
    <ng-container footer>
      <button type="button" class="btn" (click)="ref.close()">Cancel</button>
      <button type="button" class="btn primary" [disabled]="!fits()" (click)="ref.close(parts())">
        {{ parts().length > 1 ? 'Link ' + prefs.count(parts().length) + ' parts' : 'Link the parts' }}
      </button>
    </ng-container>
  </ui-dialog>`,
  styles: `
    ul {
      max-height: 46vh;
      overflow-y: auto;
      border: 1px solid var(--c-line);
      border-radius: 10px;
    }
    .rows > li {
      padding: 0;
    }
    label {
      display: flex;
      flex: 1;
      gap: 12px;
      align-items: center;
      min-width: 0;
      padding: 8px 14px;
    }
    .rows > .none {
      padding: 14px;
      color: var(--c-text-3);
      font-size: 13px;
    }
    .left {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: 2px 12px;
      padding: 9px 12px;
      border-radius: 9px;
      background: var(--c-surface-2);
      overflow-wrap: anywhere;
    }
    .left.ok {
      background: var(--c-gain-bg);
      color: var(--c-gain);
    }
  `,
})
export class Split {
  protected readonly ref: OpenDialog<Parts> = inject(DIALOG_REF);
  protected readonly whole = inject(DIALOG_VALUE) as Side;
  protected readonly prefs = inject(Prefs);
  protected readonly list = read(listTransferParts, () => ({ id: this.whole.id }));
  protected readonly chosen = signal<ReadonlySet<string>>(new Set());
  protected readonly parts = computed<Parts>(() =>
    (this.list.value()?.items ?? []).filter((side) => this.chosen().has(side.id)),
  );
  protected readonly left = computed(() =>
    leftOf(
      this.whole.quantity,
      this.parts().map((side) => side.quantity),
    ),
  );
  protected readonly fits = computed(() => this.parts().length > 1 && signOf(this.left()) === 0);
  protected readonly words = computed(() =>
    signOf(this.left()) < 0 ? 'Too much by' : this.fits() ? 'The parts add up. Left' : 'Left to choose',
  );

  protected choose(side: Side, on: boolean): void {
    this.chosen.update((known) => {
      const next = new Set(known);
      if (on) next.add(side.id);
      else next.delete(side.id);
      return next;
    });
  }
}
