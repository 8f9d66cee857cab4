import { Component, input, output } from '@angular/core';

/** The end of a list that goes on. */
@Component({
  selector: 'ui-more',
  template: `@if (shown()) {
    <div class="more">
      <button type="button" class="btn" [disabled]="busy()" (click)="more.emit()">
        {{ busy() ? 'Loading…' : 'Show more' }}
      </button>
    </div>
  }`,
})
export class MoreButton {
  readonly shown = input.required<boolean>();
  readonly busy = input(false);
  readonly more = output<void>();
}
