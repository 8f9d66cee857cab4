import { Component, inject, Injectable, Injector, input, Type } from '@angular/core';
import { Icon } from './icon';
import { DIALOG_REF } from './dialog-ref';

/** Opens dialogs; the overlay machinery loads with the first one. Resolves to the result, or undefined when dismissed. */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly injector = inject(Injector);

  async open<R = void, D = unknown>(load: () => Promise<Type<unknown>>, data?: D): Promise<R | undefined> {
    const [{ openDialog }, component] = await Promise.all([import('./open-dialog'), load()]);
    return openDialog<R>(this.injector, component, data);
  }
}

/** The frame of every dialog: title, content, and the buttons marked `footer`. */
@Component({
  selector: 'ui-dialog',
  imports: [Icon],
  template: `
    <header>
      <h2 id="dialog-title">{{ title() }}</h2>
      <button type="button" class="btn ghost icon" aria-label="Close" (click)="ref.close()">
        <ui-icon name="x" />
      </button>
    </header>
    <div class="body" [attr.tabindex]="wide() ? 0 : null" [attr.cdkFocusInitial]="wide() ? '' : null">
      <ng-content />
    </div>
    <footer><ng-content select="[footer]" /></footer>
  `,
  host: { '[class.wide]': 'wide()' },
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      width: min(540px, calc(100vw - 24px));
      max-height: calc(100dvh - 32px);
      background: var(--c-surface);
      color: var(--c-text);
      border: 1px solid var(--c-line);
      border-radius: 16px;
      box-shadow: var(--shadow-2);
    }
    :host(.wide) {
      width: min(720px, calc(100vw - 24px));
    }
    header,
    footer {
      display: flex;
      align-items: center;
      gap: 10px;
      padding: 12px 18px;
    }
    header {
      justify-content: space-between;
      padding-right: 10px;
    }
    h2 {
      font-size: 16px;
    }
    .body {
      display: grid;
      grid-auto-rows: max-content;
      gap: 14px;
      padding: 6px 18px 18px;
      overflow-y: auto;
    }
    .body:focus-visible {
      outline-offset: -2px;
    }
    footer {
      flex-wrap: wrap;
      justify-content: flex-end;
      border-top: 1px solid var(--c-line);
    }
    footer:empty {
      display: none;
    }
  `,
})
export class DialogFrame {
  readonly title = input.required<string>();
  /** For what is read rather than filled in. */
  readonly wide = input(false);
  protected readonly ref = inject(DIALOG_REF);
}
