import { signal, Signal } from '@angular/core';
import { FieldTree, SchemaPath, submit, validate } from '@angular/forms/signals';
import { FormField } from '@angular/forms/signals';
import { MAT_FORM_FIELD_DEFAULT_OPTIONS, MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';
import { ApiError, messageOf } from '../shell/problem';
import { parseAmount, signOf } from './format';

/** What a template with a form imports. */
export const FORM = [FormField, MatFormFieldModule, MatInputModule] as const;

/** How its fields look: outlined, and only as high as they need to be. */
export const FORM_LOOK = {
  provide: MAT_FORM_FIELD_DEFAULT_OPTIONS,
  useValue: { appearance: 'outline', subscriptSizing: 'dynamic' },
};

/** Saves a form once it is valid, and keeps the server's refusal in words until the next try. */
export class Saving {
  private readonly refusal = signal('');
  readonly failed: Signal<string> = this.refusal.asReadonly();

  /** True when `action` went through. */
  async run<T>(event: Event, form: FieldTree<T>, action: () => Promise<unknown>): Promise<boolean> {
    event.preventDefault();
    this.refusal.set('');
    let done = false;
    await submit(form, async () => {
      try {
        await action();
        done = true;
      } catch (error) {
        this.refusal.set(refusalOf(error));
      }
      return undefined;
    });
    return done;
  }
}

function refusalOf(error: unknown): string {
  const details = error instanceof ApiError ? (error.problem?.errors ?? []).map((one) => one.detail) : [];
  return details.length ? details.join(' ') : messageOf(error);
}

export interface AmountRules {
  required?: string;
  /** More than zero. */
  positive?: boolean;
  negative?: 'allowed';
}

/** An amount as people of that locale type it; parse it with `parseAmount` when saving. */
export function amount(path: SchemaPath<string>, locale: () => string, rules: AmountRules = {}): void {
  validate(path, ({ value }) => {
    const text = value().trim();
    if (!text) return rules.required ? { kind: 'required', message: rules.required } : undefined;
    const parsed = parseAmount(locale(), text);
    if (parsed === null) return { kind: 'amount', message: 'Use digits and one decimal mark, for example 0.25.' };
    if (rules.positive && signOf(parsed) <= 0) return { kind: 'positive', message: 'Enter more than zero.' };
    if (!rules.negative && signOf(parsed) < 0) return { kind: 'negative', message: 'Leave out the minus.' };
    return undefined;
  });
}
