import { Component, input } from '@angular/core';

@Component({
  selector: 'ui-logo',
  template: `<svg [attr.width]="size()" [attr.height]="size()" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" class="bg" />
    <path
      d="M21.5 11.2c-1-1.7-3-2.7-5.500-2.700-3 0-5.400 1.500-5.400 3.900 0 5.200 11 2.300 11 7.300 0 2.400-2.500 3.900-5.600 3.900-2.700 0-4.900-1.100-5.900-3"
      class="fg"
    />
  </svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
    .bg {
      fill: var(--c-accent);
    }
    .fg {
      fill: none;
      stroke: var(--c-on-accent);
      stroke-width: 3;
      stroke-linecap: round;
    }
  `,
})
export class Logo {
  readonly size = input(26);
}
