import { Component, input, model } from '@angular/core';

export interface Segment<T extends string = string> {
  value: T;
  label: string;
  count?: number;
}
let uid = 0;

/** A native radio group in one line: arrow keys and screen readers come for free. */
@Component({
  selector: 'ui-segmented',
  template: `
    <fieldset>
      <legend class="sr-only">{{ label() }}</legend>
      @for (option of options(); track option.value) {
        <label [class.on]="option.value === value()">
          <input
            type="radio"
            [name]="name"
            [value]="option.value"
            [checked]="option.value === value()"
            (change)="value.set(option.value)"
          />
          <span>{{ option.label }}</span>
          @if (option.count !== undefined) {
            <small>{{ option.count }}</small>
          }
        </label>
      }
    </fieldset>
  `,
  styles: `
    :host {
      display: inline-block;
      max-width: 100%;
    }
    fieldset {
      display: flex;
      gap: 2px;
      margin: 0;
      padding: 3px;
      border: 0;
      border-radius: 10px;
      background: var(--c-surface-2);
      min-width: 0;
    }
    label {
      position: relative;
      flex: 1;
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 6px;
      min-height: 30px;
      padding: 0 11px;
      border-radius: 7px;
      font-size: 12.5px;
      font-weight: 550;
      color: var(--c-text-2);
      cursor: pointer;
      white-space: nowrap;
    }
    small {
      font-size: 11.5px;
      font-variant-numeric: tabular-nums;
    }
    label:hover {
      color: var(--c-text);
    }
    label.on {
      background: var(--c-raised);
      color: var(--c-text);
      box-shadow: var(--shadow-1);
    }
    label:has(:focus-visible) {
      outline: 2px solid var(--c-accent);
      outline-offset: 1px;
    }
    input {
      position: absolute;
      inset: 0;
      opacity: 0;
      margin: 0;
      cursor: pointer;
    }
    @media (pointer: coarse) {
      label {
        min-height: 44px;
        padding: 0 8px;
      }
    }
  `,
})
export class Segmented<T extends string> {
  readonly options = input.required<readonly Segment<T>[]>();
  readonly label = input.required<string>();
  readonly value = model.required<T>();
  protected readonly name = `seg-${uid++}`;
}
