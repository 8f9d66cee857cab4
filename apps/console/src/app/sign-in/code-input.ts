import { Component, ElementRef, inject, input, model, output } from '@angular/core';

export const CODE_LENGTH = 6;

/** The digits of a text, at most six: what pasting "Your code: 123 456" should leave. */
export function codeOf(text: string): string {
  return text.replace(/\D/g, '').slice(0, CODE_LENGTH);
}

/** Puts typed or pasted digits at a place: what was there is overwritten, what follows stays. */
export function withDigits(code: string, at: number, typed: string): { code: string; next: number } {
  const digits = codeOf(typed);
  if (digits.length === CODE_LENGTH) return { code: digits, next: CODE_LENGTH - 1 };
  const places = code.padEnd(CODE_LENGTH, ' ').split('');
  [...digits].slice(0, CODE_LENGTH - at).forEach((digit, offset) => (places[at + offset] = digit));
  return { code: places.join('').trimEnd(), next: Math.min(CODE_LENGTH - 1, at + digits.length) };
}

/** Takes the digit at a place away; on an empty place the one before it. */
export function withoutDigit(code: string, at: number): { code: string; next: number } {
  const places = code.padEnd(CODE_LENGTH, ' ').split('');
  const target = places[at] === ' ' && at > 0 ? at - 1 : at;
  places[target] = ' ';
  return { code: places.join('').trimEnd(), next: target };
}

/** Six boxes that behave as one field: they advance, take a paste, and report when the code is whole. */
@Component({
  selector: 'app-code-input',
  template: `
    <fieldset [disabled]="disabled()">
      <legend>Sign-in code</legend>
      @for (place of places; track place) {
        <input
          type="text"
          inputmode="numeric"
          [attr.autocomplete]="place === 0 ? 'one-time-code' : 'off'"
          [attr.aria-label]="'Digit ' + (place + 1) + ' of 6'"
          [attr.aria-invalid]="invalid()"
          [value]="digit(place)"
          (input)="type(place, $event)"
          (keydown)="key(place, $event)"
          (paste)="paste($event)"
          (focus)="select($event)"
        />
      }
    </fieldset>
  `,
  styles: `
    fieldset {
      display: grid;
      grid-template-columns: repeat(6, 1fr);
      gap: 8px;
      margin: 0;
      padding: 0;
      border: 0;
      min-width: 0;
    }
    legend {
      margin-bottom: 8px;
      padding: 0;
      font-size: 13px;
      font-weight: 550;
      color: var(--c-text-2);
    }
    input {
      width: 100%;
      height: 54px;
      border: 1px solid var(--c-edge);
      border-radius: 11px;
      background: var(--c-surface);
      color: var(--c-text);
      font: 620 22px var(--font);
      font-variant-numeric: tabular-nums;
      text-align: center;
    }
    input:focus {
      outline: 2px solid var(--c-accent);
      outline-offset: -1px;
    }
    input[aria-invalid='true'] {
      border-color: var(--c-loss);
    }
    input:disabled {
      opacity: 0.6;
    }
  `,
})
export class CodeInput {
  readonly code = model('');
  readonly disabled = input(false);
  readonly invalid = input(false);
  readonly complete = output<string>();
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  protected readonly places = Array.from({ length: CODE_LENGTH }, (_, place) => place);

  focus(place = 0): void {
    this.host.nativeElement.querySelectorAll('input')[place]?.focus();
  }
  protected digit(place: number): string {
    return (this.code()[place] ?? '').trim();
  }
  protected type(place: number, event: Event): void {
    const field = event.target as HTMLInputElement;
    this.take(withDigits(this.code(), place, field.value.length === 2 ? field.value.slice(-1) : field.value));
    field.value = this.digit(place);
  }
  protected paste(event: ClipboardEvent): void {
    const digits = codeOf(event.clipboardData?.getData('text') ?? '');
    event.preventDefault();
    if (digits) this.take(withDigits('', 0, digits));
  }
  protected key(place: number, event: KeyboardEvent): void {
    if (event.key === 'Backspace') {
      event.preventDefault();
      const { code, next } = withoutDigit(this.code(), place);
      this.code.set(code);
      this.focus(next);
    } else if (event.key === 'ArrowLeft') this.focus(Math.max(0, place - 1));
    else if (event.key === 'ArrowRight') this.focus(Math.min(CODE_LENGTH - 1, place + 1));
  }
  protected select(event: FocusEvent): void {
    (event.target as HTMLInputElement).select();
  }
  private take({ code, next }: { code: string; next: number }): void {
    this.code.set(code);
    this.focus(next);
    if (codeOf(code).length === CODE_LENGTH) this.complete.emit(code);
  }
}
