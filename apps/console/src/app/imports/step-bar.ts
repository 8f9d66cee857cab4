import { Component, input } from '@angular/core';
import { Icon } from '../ui/icon';
import { STEPS } from './steps';

/** Where an import is. */
@Component({
  selector: 'app-steps',
  imports: [Icon],
  template: `<ol aria-label="Steps">
    @for (step of steps; track step; let index = $index) {
      <li [class.now]="index === at()" [class.done]="index < at()" [attr.aria-current]="index === at() ? 'step' : null">
        <span class="n" aria-hidden="true">
          @if (index < at()) {
            <ui-icon name="check" [size]="13" />
          } @else {
            {{ index + 1 }}
          }
        </span>
        {{ step }}
      </li>
    }
  </ol>`,
  styles: `
    ol {
      display: flex;
      gap: 8px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      flex: 1;
      display: flex;
      align-items: center;
      gap: 8px;
      padding-top: 9px;
      border-top: 3px solid var(--c-line);
      font-size: 13px;
      font-weight: 550;
      color: var(--c-text-3);
    }
    .n {
      display: grid;
      place-items: center;
      width: 20px;
      height: 20px;
      border-radius: 50%;
      background: var(--c-surface-2);
      font-size: 11px;
    }
    .now {
      border-color: var(--c-accent);
      color: var(--c-text);
    }
    .done {
      border-color: var(--c-accent);
    }
    .now .n {
      background: var(--c-accent);
      color: var(--c-on-accent);
    }
    .done .n {
      background: var(--c-accent-soft);
      color: var(--c-accent);
    }
    @media (max-width: 420px) {
      .n {
        display: none;
      }
    }
  `,
})
export class Steps {
  readonly at = input.required<number>();
  protected readonly steps = STEPS;
}
