import { Component, inject } from '@angular/core';
import { DialogFrame } from './dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from './dialog-ref';

export interface Question {
  title: string;
  text: string;
  yes: string;
  danger?: boolean;
}

@Component({
  selector: 'ui-confirm',
  imports: [DialogFrame],
  template: `<ui-dialog [title]="question.title">
    <p>{{ question.text }}</p>
    <ng-container footer>
      <button type="button" class="btn" (click)="ref.close(false)">Cancel</button>
      <button
        type="button"
        class="btn"
        [class.danger]="question.danger"
        [class.primary]="!question.danger"
        (click)="ref.close(true)"
      >
        {{ question.yes }}
      </button>
    </ng-container>
  </ui-dialog>`,
})
export class Confirm {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  protected readonly question = inject(DIALOG_VALUE) as Question;
}
