import { Component, inject, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { createPrice, listCurrencies } from '../../api/functions';
import type { Holding } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { amount, FORM, FORM_LOOK, Saving } from '../ui/form';
import { parseAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { instantOf, localNow } from '../ui/time';

/** A price of one's own for an asset: seen and used for this person alone. */
@Component({
  selector: 'app-set-price',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame, Icon],
  template: `<form (submit)="save($event)" novalidate>
    <ui-dialog [title]="'Set a price: ' + holding.asset.symbol">
      <p class="muted">What one {{ holding.asset.symbol }} is worth, as you see it. Nobody else sees it.</p>
      <div class="form">
        <mat-form-field>
          <mat-label>Price for one</mat-label>
          <input
            matInput
            class="num"
            inputmode="decimal"
            autocomplete="off"
            cdkFocusInitial
            [formField]="fields.value"
          />
          @for (error of fields.value().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        <mat-form-field>
          <mat-label>Currency</mat-label>
          <select matNativeControl [formField]="fields.currency">
            @for (currency of currencies.value()?.items; track currency.code) {
              <option [value]="currency.code">{{ currency.code }} · {{ currency.name }}</option>
            }
          </select>
        </mat-form-field>
        <mat-form-field class="w">
          <mat-label>When</mat-label>
          <input matInput type="datetime-local" [formField]="fields.at" />
          @for (error of fields.at().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
      </div>
      @if (saving.failed()) {
        <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ saving.failed() }}</p>
      }
      <ng-container footer>
        <button type="button" class="btn" (click)="ref.close()">Cancel</button>
        <button type="submit" class="btn primary" [disabled]="fields().submitting()">Set price</button>
      </ng-container>
    </ui-dialog>
  </form>`,
})
export class SetPrice {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  protected readonly holding = inject(DIALOG_VALUE) as Holding;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly currencies = read(listCurrencies, () => ({}));
  private readonly model = signal({
    value: '',
    currency: this.holding.price?.currency ?? this.prefs.base(),
    at: localNow(),
  });
  protected readonly fields = form(this.model, (path) => {
    amount(path.value, this.prefs.locale, { required: 'Enter a price.', positive: true });
    required(path.at, { message: 'Enter when it was so.' });
  });

  protected async save(event: Event): Promise<void> {
    const done = await this.saving.run(event, this.fields, () => {
      const { value, currency, at } = this.model();
      const body = { value: parseAmount(this.prefs.locale(), value) ?? '', currency, at: instantOf(at) };
      return this.api.call(createPrice, { id: this.holding.asset.id, body });
    });
    if (!done) return;
    this.live.touch('portfolio');
    this.ref.close(true);
  }
}
