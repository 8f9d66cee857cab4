import { Component, inject, signal } from '@angular/core';
import { form, required, validate } from '@angular/forms/signals';
import { setYield } from '../../api/functions';
import type { Holding, Yield } from '../../api/models';
import { Api } from '../shell/api';
import { Live } from '../shell/live';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { amount, FORM, FORM_LOOK, Saving } from '../ui/form';
import { parseAmount, typedAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { percentOf, ratioOf } from '../ui/percent';
import { Prefs } from '../ui/prefs';
import { PAYOUT_WORDS } from './words';

/** The terms of a holding's interest. New ones hold from the next payout on. */
@Component({
  selector: 'app-set-interest',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame, Icon],
  template: `<form (submit)="save($event)" novalidate>
    <ui-dialog [title]="'Interest: ' + asked.holding.asset.symbol">
      <p class="muted">
        Each payout is the balance as the day begins × rate ÷ payouts in a year, recorded as an entry. What is due since
        the first day is made up for, at most a year back.
      </p>
      <div class="form">
        <mat-form-field>
          <mat-label>Rate by the year, in %</mat-label>
          <input
            matInput
            class="num"
            inputmode="decimal"
            autocomplete="off"
            cdkFocusInitial
            [formField]="fields.percent"
          />
          @for (error of fields.percent().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        <mat-form-field>
          <mat-label>Paid</mat-label>
          <select matNativeControl [formField]="fields.payouts">
            @for (one of payouts; track one.value) {
              <option [value]="one.value">{{ one.label }}</option>
            }
          </select>
        </mat-form-field>
        <mat-form-field>
          <mat-label>First day that earns</mat-label>
          <input matInput type="date" [formField]="fields.startsOn" />
          @for (error of fields.startsOn().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        <mat-form-field>
          <mat-label>Last day (optional)</mat-label>
          <input matInput type="date" [formField]="fields.endsOn" />
          @for (error of fields.endsOn().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
      </div>
      @if (saving.failed()) {
        <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ saving.failed() }}</p>
      }
      <ng-container footer>
        <button type="button" class="btn" (click)="ref.close()">Cancel</button>
        <button type="submit" class="btn primary" [disabled]="fields().submitting()">Set interest</button>
      </ng-container>
    </ui-dialog>
  </form>`,
})
export class SetInterest {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  protected readonly asked = inject(DIALOG_VALUE) as { holding: Holding; terms: Yield | undefined };
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly payouts = Object.entries(PAYOUT_WORDS)
    .map(([value, label]) => ({ value, label }))
    .toReversed();
  private readonly model = signal({
    percent: this.asked.terms ? typedAmount(this.prefs.locale(), percentOf(this.asked.terms.rate)) : '',
    payouts: String(this.asked.terms?.payoutsPerYear ?? 12),
    startsOn: this.asked.terms?.startsOn ?? new Date().toISOString().slice(0, 10),
    endsOn: this.asked.terms?.endsOn ?? '',
  });
  protected readonly fields = form(this.model, (path) => {
    amount(path.percent, this.prefs.locale, { required: 'Enter the rate.' });
    required(path.startsOn, { message: 'Enter the first day.' });
    validate(path.endsOn, ({ value, valueOf }) =>
      value() && value() < valueOf(path.startsOn)
        ? { kind: 'order', message: 'This lies before the first day.' }
        : undefined,
    );
  });

  protected async save(event: Event): Promise<void> {
    const done = await this.saving.run(event, this.fields, () => {
      const { percent, payouts, startsOn, endsOn } = this.model();
      const rate = ratioOf(parseAmount(this.prefs.locale(), percent) ?? '');
      return this.api.call(setYield, {
        id: this.asked.holding.id,
        body: { rate, payoutsPerYear: Number(payouts), startsOn, endsOn: endsOn || null },
      });
    });
    if (!done) return;
    this.live.touch('portfolio');
    this.ref.close(true);
  }
}
