import { Component, computed, inject, input } from '@angular/core';
import type { Figure } from '../../api/models';
import { Icon } from './icon';
import { Prefs } from './prefs';

const WORDS = {
  full: 'Complete',
  partial: 'Mostly complete',
  estimated: 'Partly estimated',
  unknown: 'Not known',
} as const;
let uid = 0;

/** The mark beside a figure that is less than certain; it opens to say why. */
@Component({
  selector: 'ui-coverage',
  imports: [Icon],
  template: `
    @if (mark(); as word) {
      <button type="button" class="mark" [attr.popovertarget]="id" [attr.aria-label]="word + ': why'" [title]="word">
        <ui-icon name="circle-alert" [size]="14" />
        @if (words()) {
          <span>{{ word }}</span>
        }
      </button>
      <div popover [id]="id" class="pop">
        <p class="h">{{ word }}</p>
        @for (reason of figure().reasons; track reason) {
          <p>{{ reason }}</p>
        } @empty {
          <p>Some prices or records behind this figure are missing or old.</p>
        }
      </div>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      vertical-align: middle;
    }
    .mark {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      min-width: 24px;
      min-height: 24px;
      justify-content: center;
      padding: 0 3px;
      border: 0;
      border-radius: 7px;
      background: none;
      color: var(--c-warn);
      font-size: 12.5px;
      font-weight: 550;
      cursor: pointer;
    }
    .mark:hover {
      background: var(--c-warn-bg);
    }
    .pop {
      position: fixed;
      position-area: bottom span-right;
      position-try-fallbacks: flip-inline, flip-block;
      width: max-content;
      max-width: min(320px, calc(100vw - 24px));
      margin: 6px;
      padding: 12px 14px;
      border: 1px solid var(--c-line);
      border-radius: 12px;
      background: var(--c-surface);
      color: var(--c-text-2);
      box-shadow: var(--shadow-2);
      font-size: 12.5px;
      font-weight: 450;
      letter-spacing: 0;
      line-height: 1.45;
      text-align: left;
      white-space: normal;
    }
    .pop p + p {
      margin-top: 6px;
    }
    .h {
      color: var(--c-text);
      font-weight: 600;
    }
    @media (pointer: coarse) {
      .mark {
        min-height: 44px;
        min-width: 32px;
      }
    }
  `,
})
export class CoverageMark {
  readonly figure = input.required<Figure>();
  /** Spell the word out beside the mark. */
  readonly words = input(false);
  protected readonly id = `why-${uid++}`;
  protected readonly mark = computed(() => {
    const { coverage, stale } = this.figure();
    if (coverage === 'full') return stale ? 'Old prices' : null;
    return WORDS[coverage];
  });
}

/** A value with what is known about it. An unknown one is a dash, never a zero. */
@Component({
  selector: 'ui-figure',
  imports: [CoverageMark],
  template: `<span class="num">{{ prefs.money(figure().amount, figure().currency) }}</span
    ><ui-coverage [figure]="figure()" />`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 2px;
      white-space: nowrap;
    }
  `,
})
export class FigureText {
  readonly figure = input.required<Figure>();
  protected readonly prefs = inject(Prefs);
}
