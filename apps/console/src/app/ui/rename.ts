import { Component, inject, signal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { DialogFrame } from './dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from './dialog-ref';
import { FORM, FORM_LOOK, Saving } from './form';

/** Asks for a name; closes with it. */
@Component({
  selector: 'ui-rename',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame],
  template: `<form (submit)="save($event)" novalidate>
    <ui-dialog [title]="asked.title">
      <mat-form-field>
        <mat-label>Name</mat-label>
        <input matInput autocomplete="off" [formField]="fields.name" />
        @for (error of fields.name().errors(); track error.kind) {
          <mat-error>{{ error.message }}</mat-error>
        }
      </mat-form-field>
      <ng-container footer>
        <button type="button" class="btn" (click)="ref.close()">Cancel</button>
        <button type="submit" class="btn primary">Save</button>
      </ng-container>
    </ui-dialog>
  </form>`,
})
export class Rename {
  protected readonly ref: OpenDialog<string> = inject(DIALOG_REF);
  protected readonly asked = inject(DIALOG_VALUE) as { title: string; name: string };
  private readonly saving = new Saving();
  private readonly model = signal({ name: this.asked.name });
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Enter a name.' });
    maxLength(path.name, 80, { message: 'Use at most 80 characters.' });
  });
  protected async save(event: Event): Promise<void> {
    if (await this.saving.run(event, this.fields, async () => {})) this.ref.close(this.model().name.trim());
  }
}
