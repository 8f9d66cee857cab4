import { Component, inject, signal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { createVault, listCurrencies, updateVault } from '../../api/functions';
import type { Vault } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { amount, FORM, FORM_LOOK, Saving } from '../ui/form';
import { parseAmount, typedAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';

/** Sets a savings goal, or changes one; closes with the vault. */
@Component({
  selector: 'app-vault-form',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame, Icon],
  template: `<form (submit)="save($event)" novalidate>
    <ui-dialog [title]="vault ? 'Change the vault' : 'Add a vault'">
      <div class="form">
        <mat-form-field class="w">
          <mat-label>Name</mat-label>
          <input matInput autocomplete="off" cdkFocusInitial [formField]="fields.name" />
          @for (error of fields.name().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        <mat-form-field>
          <mat-label>Target</mat-label>
          <input matInput class="num" inputmode="decimal" autocomplete="off" [formField]="fields.target" />
          @for (error of fields.target().errors(); track error.kind) {
            <mat-error>{{ error.message }}</mat-error>
          }
        </mat-form-field>
        @if (vault; as it) {
          <mat-form-field>
            <mat-label>Currency</mat-label>
            <input matInput readonly [value]="it.currency" />
          </mat-form-field>
        } @else {
          <mat-form-field>
            <mat-label>Currency</mat-label>
            <select matNativeControl [formField]="fields.currency">
              @for (one of currencies.value()?.items; track one.code) {
                <option [value]="one.code">{{ one.code }} · {{ one.name }}</option>
              }
            </select>
          </mat-form-field>
        }
        <mat-form-field class="w">
          <mat-label>Until (optional)</mat-label>
          <input matInput type="date" [formField]="fields.dueOn" />
          <mat-hint>With a day the vault says what to put aside each month.</mat-hint>
        </mat-form-field>
      </div>
      @if (saving.failed()) {
        <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ saving.failed() }}</p>
      }
      <ng-container footer>
        <button type="button" class="btn" (click)="ref.close()">Cancel</button>
        <button type="submit" class="btn primary" [disabled]="fields().submitting()">
          {{ vault ? 'Save' : 'Add vault' }}
        </button>
      </ng-container>
    </ui-dialog>
  </form>`,
})
export class VaultForm {
  protected readonly ref: OpenDialog<Vault> = inject(DIALOG_REF);
  protected readonly vault = inject(DIALOG_VALUE) as Vault | undefined;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly currencies = read(listCurrencies, () => (this.vault ? undefined : {}));
  private readonly model = signal({
    name: this.vault?.name ?? '',
    target: this.vault ? typedAmount(this.prefs.locale(), this.vault.target) : '',
    currency: this.vault?.currency ?? this.prefs.base(),
    dueOn: this.vault?.dueOn ?? '',
  });
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Give it a name.' });
    maxLength(path.name, 100, { message: 'Use at most 100 characters.' });
    amount(path.target, this.prefs.locale, { required: 'Enter how much you want to save.', positive: true });
  });

  protected async save(event: Event): Promise<void> {
    let saved: Vault | undefined;
    await this.saving.run(event, this.fields, async () => {
      const { name, target, currency, dueOn } = this.model();
      const body = {
        name: name.trim(),
        target: parseAmount(this.prefs.locale(), target) ?? '',
        dueOn: dueOn || null,
      };
      saved = this.vault
        ? await this.api.call(updateVault, { id: this.vault.id, body })
        : await this.api.call(createVault, { body: { ...body, currency } });
    });
    if (!saved) return;
    this.live.touch('portfolio');
    this.ref.close(saved);
  }
}
