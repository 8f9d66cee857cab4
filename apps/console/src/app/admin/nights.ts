import { Component, inject, input } from '@angular/core';
import type { ChainRun, ChainStep } from '../../api/models';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { durationWords, NIGHT_STATES, partWords, STEP_STATES, stepWords, troubleWords } from './night-words';

/** The last nights, each with the steps of its chain. */
@Component({
  selector: 'app-nights',
  imports: [Icon],
  template: `
    @for (night of nights(); track night.chain + night.day) {
      <details [open]="night.state !== 'completed' && $first">
        <summary>
          <ui-icon name="chevron-right" [size]="16" />
          <span class="t">{{ prefs.calendarDay(night.day, true) }}</span>
          <span class="d">{{ said(night) }}</span>
          <span class="tag" [class]="states[night.state].tone">{{ states[night.state].word }}</span>
        </summary>
        <ol>
          @for (step of night.steps; track step.name) {
            <li>
              <div class="main">
                <p class="t">{{ words(step.name) }}</p>
                <p class="d">{{ times(step) }}</p>
              </div>
              <span class="tag" [class]="steps[step.state].tone">{{ steps[step.state].word }}</span>
            </li>
          }
        </ol>
      </details>
    } @empty {
      <p class="none">No night has begun yet. The first one does at 00:00 UTC.</p>
    }
  `,
  styles: `
    :host {
      display: block;
      padding-bottom: 6px;
    }
    details + details {
      border-top: 1px solid var(--c-grid);
    }
    summary {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px 10px;
      min-height: 48px;
      padding: 8px 18px;
      cursor: pointer;
      list-style: none;
    }
    summary::-webkit-details-marker {
      display: none;
    }
    summary:hover {
      background: var(--c-hover);
    }
    summary:focus-visible {
      outline-offset: -2px;
    }
    [open] > summary ui-icon {
      rotate: 90deg;
    }
    summary ui-icon {
      color: var(--c-text-3);
    }
    .t {
      font-weight: 570;
      font-size: 13.5px;
    }
    .d {
      font-size: 12.5px;
      color: var(--c-text-3);
    }
    summary .d {
      flex: 1;
    }
    @media (max-width: 720px) {
      summary .t {
        flex: 1;
      }
      summary .d {
        order: 1;
        flex-basis: 100%;
        padding-left: 26px;
      }
    }
    ol {
      margin: 0 0 8px 26px;
      padding: 0 18px 0 16px;
      border-left: 2px solid var(--c-line);
      list-style: none;
    }
    li {
      display: flex;
      align-items: center;
      gap: 12px;
      min-height: 46px;
      padding: 5px 0;
    }
    li + li {
      border-top: 1px solid var(--c-grid);
    }
    .main {
      flex: 1;
      min-width: 0;
    }
    .none {
      padding: 4px 18px 12px;
      font-size: 13px;
      color: var(--c-text-2);
    }
  `,
})
export class Nights {
  readonly nights = input.required<readonly ChainRun[]>();
  protected readonly prefs = inject(Prefs);
  protected readonly states = NIGHT_STATES;
  protected readonly steps = STEP_STATES;
  protected readonly words = stepWords;

  protected said(night: ChainRun): string {
    const began = `began ${this.prefs.dayTime(night.startedAt)}`;
    const took = night.finishedAt ? `, took ${durationWords(night.startedAt, night.finishedAt)}` : '';
    return `${began}${took}${troubleWords(night.steps)}`;
  }
  protected times(step: ChainStep): string {
    if (!step.startedAt) return 'not begun';
    const took = step.finishedAt ? `took ${durationWords(step.startedAt, step.finishedAt)}` : 'still running';
    return `${this.prefs.time(step.startedAt)}, ${took}${partWords(step)}`;
  }
}
