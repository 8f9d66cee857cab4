import { Component, inject } from '@angular/core';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, OpenDialog } from '../ui/dialog-ref';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-names';

export type AddChoice = 'account' | 'wallet' | 'holding' | 'import';

const CHOICES: { value: AddChoice; icon: IconName; title: string; text: string }[] = [
  {
    value: 'account',
    icon: 'landmark',
    title: 'Account',
    text: 'A bank, broker, exchange, loan or a drawer at home',
  },
  {
    value: 'wallet',
    icon: 'wallet',
    title: 'Wallet',
    text: 'An address on a chain; its balance and its history come by themselves',
  },
  {
    value: 'holding',
    icon: 'coins',
    title: 'Holding',
    text: 'Something you own, with its balance and a price of your own if you like',
  },
  {
    value: 'import',
    icon: 'file-up',
    title: 'File',
    text: 'A statement as CSV or OFX; you review it before anything is recorded',
  },
];

@Component({
  selector: 'app-add',
  imports: [DialogFrame, Icon],
  template: `<ui-dialog title="What would you like to add?">
    <ul>
      @for (choice of choices; track choice.value) {
        <li>
          <button type="button" (click)="ref.close(choice.value)">
            <span class="tile-ic accent"><ui-icon [name]="choice.icon" /></span>
            <span class="words"
              ><b>{{ choice.title }}</b
              ><span>{{ choice.text }}</span></span
            >
            <ui-icon name="chevron-right" [size]="16" />
          </button>
        </li>
      }
    </ul>
  </ui-dialog>`,
  styles: `
    ul {
      display: grid;
      gap: 8px;
    }
    button {
      display: flex;
      align-items: center;
      gap: 14px;
      width: 100%;
      min-height: 64px;
      padding: 10px 14px;
      border: 1px solid var(--c-line);
      border-radius: 12px;
      background: none;
      text-align: left;
      cursor: pointer;
      color: var(--c-text-3);
    }
    button:hover {
      background: var(--c-hover);
      border-color: var(--c-accent);
    }
    .words {
      flex: 1;
      display: grid;
      font-size: 13px;
      color: var(--c-text-2);
    }
    b {
      font-weight: 600;
      font-size: 14px;
      color: var(--c-text);
    }
  `,
})
export class Add {
  protected readonly ref: OpenDialog<AddChoice> = inject(DIALOG_REF);
  protected readonly choices = CHOICES;
}
