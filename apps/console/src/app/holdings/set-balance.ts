import { Component, inject, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { createObservation } from '../../api/functions';
import type { Holding } from '../../api/models';
import { Api } from '../shell/api';
import { Live } from '../shell/live';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { amount, FORM, FORM_LOOK, Saving } from '../ui/form';
import { parseAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { instantOf, localNow } from '../ui/time';

/** Says what the balance was at a time: an observation, not a transaction. */
@Component({
  selector: 'app-set-balance',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame, Icon],
  template: `<form (submit)="save($event)" novalidate>
    <ui-dialog [title]="'Set the balance: ' + holding.asset.symbol">
      <p class="muted">You say how much there was. The ledger keeps both: what happened, and what was seen.</p>
      <div class="form">
        <mat-form-field>
          <mat-label>Balance</mat-label>
          <input
            matInput
            class="num"
            inputmode="decimal"
            autocomplete="off"
            cdkFocusInitial
            [formField]="fields.balance"
          />
          @for (error of fields.balance().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        <mat-form-field>
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
        <button type="submit" class="btn primary" [disabled]="fields().submitting()">Set balance</button>
      </ng-container>
    </ui-dialog>
  </form>`,
})
export class SetBalance {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  protected readonly holding = inject(DIALOG_VALUE) as Holding;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  private readonly model = signal({ balance: '', at: localNow() });
  protected readonly fields = form(this.model, (path) => {
    amount(path.balance, this.prefs.locale, { required: 'Enter the balance.', negative: 'allowed' });
    required(path.at, { message: 'Enter when it was so.' });
  });

  protected async save(event: Event): Promise<void> {
    const done = await this.saving.run(event, this.fields, () => {
      const balance = parseAmount(this.prefs.locale(), this.model().balance) ?? '';
      return this.api.call(createObservation, {
        id: this.holding.id,
        body: { balance, at: instantOf(this.model().at) },
      });
    });
    if (!done) return;
    this.live.touch('portfolio');
    this.ref.close(true);
  }
}
