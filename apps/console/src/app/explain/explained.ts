import { Component, inject, input } from '@angular/core';
import type { PerformanceRange, Scope } from '../../api/models';
import { Dialogs } from '../ui/dialog';

/** A figure that can be taken apart, and what it is called there. */
export type Explainable =
  | { kind: 'value'; name: string; scope: Scope; id?: string; on?: string }
  | { kind: 'gain'; name: string; id: string }
  | { kind: 'return'; name: string; scope: Scope; id?: string; range: PerformanceRange };

export async function explain(dialogs: Dialogs, it: Explainable): Promise<void> {
  const load = {
    value: () => import('./explain-value').then((m) => m.ExplainValue),
    gain: () => import('./explain-gain').then((m) => m.ExplainGain),
    return: () => import('./explain-return').then((m) => m.ExplainReturn),
  }[it.kind];
  await dialogs.open(load, it);
}

/** A figure as a button that opens where it comes from. */
@Component({
  selector: 'app-explained',
  template: `<button type="button" title="Where this comes from" aria-haspopup="dialog" (click)="open()">
    <ng-content /><span class="sr-only">, where this comes from</span>
  </button>`,
  styles: `
    :host {
      position: relative;
      z-index: 1;
      display: inline-flex;
      min-width: 0;
    }
    button {
      min-height: 24px;
      max-width: 100%;
      padding: 0;
      border: 0;
      background: none;
      text-align: inherit;
      letter-spacing: inherit;
      line-height: inherit;
      cursor: pointer;
      text-decoration: underline dotted 1.5px color-mix(in srgb, var(--c-text-3) 55%, transparent);
      text-underline-offset: 0.22em;
    }
    button:hover {
      color: var(--c-accent);
      text-decoration-color: currentColor;
    }
    @media (pointer: coarse) {
      button {
        min-height: 44px;
      }
    }
  `,
})
export class Explained {
  readonly of = input.required<Explainable>();
  private readonly dialogs = inject(Dialogs);

  protected open(): Promise<void> {
    return explain(this.dialogs, this.of());
  }
}
