import { Component } from '@angular/core';
import { DialogFrame } from '../ui/dialog';

@Component({
  selector: 'app-keys',
  imports: [DialogFrame],
  template: `<ui-dialog title="Keys">
    <dl>
      @for (key of keys; track key.does) {
        <div>
          <dt>
            @for (one of key.press; track one) {
              <kbd>{{ one }}</kbd>
            }
          </dt>
          <dd>{{ key.does }}</dd>
        </div>
      }
    </dl>
  </ui-dialog>`,
  styles: `
    div {
      display: flex;
      align-items: center;
      gap: 12px;
      min-height: 38px;
    }
    dt {
      display: flex;
      gap: 5px;
      width: 120px;
    }
  `,
})
export class Keys {
  protected readonly keys = [
    { press: ['Ctrl', 'K'], does: 'Search or jump to anything (⌘ K on a Mac)' },
    { press: ['/'], does: 'The same, without a modifier' },
    { press: ['N'], does: 'Add an account, a holding or a file' },
    {
      press: ['J', 'K'],
      does: 'In the review of transfers: the next, the one before; its other keys stand on its buttons',
    },
    { press: ['?'], does: 'Show these keys' },
    { press: ['Esc'], does: 'Close what is open' },
  ];
}
