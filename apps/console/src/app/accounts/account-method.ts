import { Component, inject, signal } from '@angular/core';
import { form } from '@angular/forms/signals';
import type { CostBasisMethod } from '../../api/models';
import { METHOD_WORDS } from '../gains/words';
import { optionsOf } from '../holdings/words';
import { Session } from '../shell/session';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { FORM, FORM_LOOK } from '../ui/form';

/** Which lots are sold in one account; closes with the method, or with `mine` for the one that holds everywhere. */
@Component({
  selector: 'app-account-method',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame],
  template: `<form (submit)="save($event)" novalidate>
    <ui-dialog title="Cost basis of this account">
      <p class="muted">Which lots count as sold here. Some countries ask for one method per account.</p>
      <mat-form-field>
        <mat-label>Method</mat-label>
        <select matNativeControl cdkFocusInitial [formField]="fields.method">
          <option value="mine">As everywhere ({{ words[everywhere] }})</option>
          @for (one of methods; track one.value) {
            <option [value]="one.value">{{ one.label }}</option>
          }
        </select>
      </mat-form-field>
      <ng-container footer>
        <button type="button" class="btn" (click)="ref.close()">Cancel</button>
        <button type="submit" class="btn primary">Save</button>
      </ng-container>
    </ui-dialog>
  </form>`,
})
export class AccountMethod {
  protected readonly ref: OpenDialog<CostBasisMethod | 'mine'> = inject(DIALOG_REF);
  protected readonly words = METHOD_WORDS;
  protected readonly methods = optionsOf(METHOD_WORDS);
  protected readonly everywhere = inject(Session).me()?.costBasisMethod ?? 'fifo';
  private readonly model = signal<{ method: CostBasisMethod | 'mine' }>({
    method: (inject(DIALOG_VALUE) as CostBasisMethod | null) ?? 'mine',
  });
  protected readonly fields = form(this.model);

  protected save(event: Event): void {
    event.preventDefault();
    this.ref.close(this.model().method);
  }
}
