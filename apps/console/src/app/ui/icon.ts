import { Component, input } from '@angular/core';
import { IconName } from './icon-names';

/** One same-origin sprite, no JavaScript per icon, inherits the text colour. Decorative: words say the rest. */
@Component({
  selector: 'ui-icon',
  template: `<svg
    [attr.width]="size()"
    [attr.height]="size()"
    [attr.stroke-width]="stroke()"
    aria-hidden="true"
    focusable="false"
  >
    <use [attr.href]="'/icons.svg#' + name()" />
  </svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
    svg {
      display: block;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  readonly size = input(18);
  readonly stroke = input(1.75);
}
