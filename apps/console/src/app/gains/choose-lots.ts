import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { chooseLots, getLots } from '../../api/functions';
import type { ChoosableLot, Disposal } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { ApiError, messageOf } from '../shell/problem';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { parseAmount, signOf } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';

/** Which lots a sale took: so many units of each. What is not chosen comes from the oldest. */
@Component({
  selector: 'app-choose-lots',
  imports: [DialogFrame, Icon, ProblemCard, SkeletonRows],
  template: `<form (submit)="save($event)" novalidate>
    <ui-dialog [title]="'Lots of the sale of ' + sale.symbol">
      @if (lots.error(); as problem) {
        <ui-problem title="The lots could not be read" [detail]="problem" (again)="lots.reload()" />
      } @else if (lots.value(); as it) {
        <p class="muted">
          {{ prefs.exactQuantity(it.quantity) }} {{ it.symbol }} went on {{ prefs.day(it.at) }}. Say how many units of
          which lot; what you leave out comes from the oldest.
        </p>
        <ul class="rows">
          @for (lot of it.lots; track lot.acquisitionId) {
            <li>
              <div class="main">
                <p class="t num">{{ prefs.exactQuantity(lot.quantity) }} {{ it.symbol }}</p>
                <p class="d">
                  {{ lot.acquiredAt ? prefs.dayTime(lot.acquiredAt) : 'day not known' }} ·
                  {{ lot.cost === null ? 'cost not known' : prefs.money(lot.cost, it.base) }}
                </p>
              </div>
              <input
                #units
                class="num"
                inputmode="decimal"
                autocomplete="off"
                placeholder="0"
                [attr.aria-label]="
                  'Units of the lot of ' + (lot.acquiredAt ? prefs.day(lot.acquiredAt) : 'an unknown day')
                "
                [value]="typed()[lot.acquisitionId] ?? ''"
                (input)="type(lot, units.value)"
              />
              <button type="button" class="btn sm" (click)="type(lot, prefs.exactQuantity(lot.quantity))">All</button>
            </li>
          } @empty {
            <li><p class="muted">No lot was there that could be chosen.</p></li>
          }
        </ul>
      } @else {
        <ui-skeleton-rows [rows]="3" />
      }
      @if (failed()) {
        <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ failed() }}</p>
      }
      <ng-container footer>
        <button type="button" class="btn" (click)="ref.close()">Cancel</button>
        <button type="submit" class="btn primary" [disabled]="busy() || !lots.value()">Save</button>
      </ng-container>
    </ui-dialog>
  </form>`,
  styles: `
    input {
      width: 128px;
      min-height: 38px;
      padding: 0 10px;
      border: 1px solid var(--c-line);
      border-radius: 9px;
      background: var(--c-surface);
      color: var(--c-text);
      font: inherit;
      text-align: right;
    }
    ul {
      margin: 0 -18px;
    }
  `,
})
export class ChooseLotsDialog {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  protected readonly sale = inject(DIALOG_VALUE) as Disposal;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  protected readonly prefs = inject(Prefs);
  protected readonly failed = signal('');
  protected readonly busy = signal(false);
  protected readonly lots = read(getLots, () => ({ id: this.sale.id }));
  private readonly chosen = computed(() =>
    Object.fromEntries(
      (this.lots.value()?.lots ?? [])
        .filter((lot) => lot.chosen !== '0')
        .map((lot) => [lot.acquisitionId, this.prefs.exactQuantity(lot.chosen)]),
    ),
  );
  protected readonly typed = linkedSignal<Record<string, string>>(() => this.chosen());

  protected type(lot: ChoosableLot, text: string): void {
    this.typed.update((typed) => ({ ...typed, [lot.acquisitionId]: text }));
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const locale = this.prefs.locale();
    const entries = Object.entries(this.typed()).filter(([, text]) => text.trim());
    const parsed = entries.map(([acquisitionId, text]) => ({ acquisitionId, quantity: parseAmount(locale, text) }));
    if (parsed.some(({ quantity }) => quantity === null)) {
      this.failed.set('Use digits and one decimal mark, for example 0.25.');
      return;
    }
    const chosen = parsed.flatMap(({ acquisitionId, quantity }) =>
      quantity !== null && signOf(quantity) !== 0 ? [{ acquisitionId, quantity }] : [],
    );
    this.failed.set('');
    this.busy.set(true);
    try {
      await this.api.call(chooseLots, { id: this.sale.id, body: { chosen } });
      this.live.touch('portfolio');
      this.ref.close(true);
    } catch (error) {
      const details = error instanceof ApiError ? (error.problem?.errors ?? []).map((one) => one.detail) : [];
      this.failed.set(
        details.length ? `The units of a lot or their sum do not fit: ${details.join(', ')}.` : messageOf(error),
      );
    } finally {
      this.busy.set(false);
    }
  }
}
