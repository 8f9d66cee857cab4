import { Component, computed, inject, input, output, signal } from '@angular/core';
import { getHistory } from '../../api/functions';
import type { HistoryRange, Scope } from '../../api/models';
import { read } from '../shell/api';
import { Chart, OptionFn } from './chart';
import { Prefs } from './prefs';
import { Segmented } from './segmented';
import { strokeOf } from './segments';
import { Empty, ProblemCard, Skeleton } from './states';
import { valueOption } from './value-option';

const STROKES = {
  solid: 'Complete',
  shaded: 'Mostly complete',
  dashed: 'Partly estimated',
  gap: 'Not known',
} as const;

const DAY_MS = 86_400_000;

/** Value over time of anything that has one, with how sure each day is. The headline goes where the content is. */
@Component({
  selector: 'ui-value-chart',
  imports: [Chart, Segmented, Empty, ProblemCard, Skeleton],
  template: `
    <div class="head">
      <div class="title"><ng-content /></div>
      <ui-segmented class="ranges" label="Range" [options]="ranges" [(value)]="range" />
    </div>
    @if (history.error(); as failed) {
      <ui-problem class="plot" title="The history could not be loaded" [detail]="failed" (again)="history.reload()" />
    } @else if (history.value(); as answer) {
      @if (drawable()) {
        <ui-chart
          class="plot"
          [class.busy]="history.loading()"
          [option]="option()"
          [label]="label()"
          (picked)="pick($event)"
        />
        <ul class="legend" aria-label="Line styles">
          @for (stroke of strokes(); track stroke) {
            <li><i [class]="stroke"></i>{{ words[stroke] }}</li>
          }
        </ul>
      } @else if (answer.state === 'building') {
        <ui-empty class="plot" icon="clock" title="Your history is being worked out">
          It appears here by itself when it is ready.
        </ui-empty>
      } @else {
        <ui-empty class="plot" icon="activity" title="No history yet">
          The curve begins with the first balance that has a price.
        </ui-empty>
      }
    } @else {
      <div class="plot pad"><ui-skeleton h="100%" /></div>
      <div class="legend"><ui-skeleton w="180px" h="14px" /></div>
    }
  `,
  styles: `
    :host {
      display: block;
      padding: 18px 0 12px;
      min-width: 0;
    }
    .head {
      display: flex;
      justify-content: space-between;
      align-items: flex-start;
      gap: 12px 16px;
      padding: 0 20px;
    }
    .title {
      min-width: 0;
    }
    .plot {
      height: 288px;
      margin: 14px 6px 0 20px;
      transition: opacity 0.15s;
    }
    .plot.busy {
      opacity: 0.55;
    }
    .pad {
      padding-right: 14px;
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 18px;
      min-height: 18px;
      margin: 6px 20px 2px;
      font-size: 12px;
      color: var(--c-text-3);
    }
    li {
      display: flex;
      align-items: center;
      gap: 7px;
    }
    i {
      width: 20px;
      height: 0;
      border-top: 2px solid var(--c-accent);
    }
    .dashed {
      border-top-style: dashed;
    }
    .shaded {
      height: 11px;
      background: color-mix(in srgb, var(--c-accent) 16%, transparent);
    }
    .gap {
      height: 11px;
      border: 0;
      border-radius: 2px;
      background: repeating-linear-gradient(
        135deg,
        color-mix(in srgb, var(--c-text-3) 40%, transparent) 0 1px,
        transparent 1px 5px
      );
    }
    @media (max-width: 720px) {
      :host {
        padding-top: 15px;
      }
      .head {
        flex-direction: column;
        padding: 0 16px;
      }
      .ranges {
        width: 100%;
      }
      .plot {
        height: 210px;
        margin: 12px 0 0 14px;
      }
      .legend {
        margin: 6px 16px 2px;
      }
    }
  `,
})
export class ValueChart {
  readonly scope = input.required<Scope>();
  readonly id = input<string>();
  /** A day was chosen on the curve. */
  readonly picked = output<string>();
  protected readonly prefs = inject(Prefs);
  protected readonly words = STROKES;
  protected readonly ranges = (['1W', '1M', '3M', '1Y', 'ALL'] as const).map((value) => ({
    value,
    label: value === 'ALL' ? 'All' : value,
  }));
  protected readonly range = signal<HistoryRange>('3M');
  protected readonly history = read(
    getHistory,
    () => ({ scope: this.scope(), id: this.id(), range: this.range(), base: this.prefs.base() }),
    { live: 'portfolio' },
  );
  private readonly points = computed(() => this.history.value()?.points ?? []);
  protected readonly drawable = computed(() => this.points().some((point) => point.value !== null));
  protected readonly strokes = computed(() => {
    const present = new Set(this.points().map(strokeOf));
    return (['solid', 'shaded', 'dashed', 'gap'] as const).filter((stroke) => present.has(stroke));
  });
  private readonly currency = computed(() => this.history.value()?.base ?? this.prefs.base());
  protected readonly option = computed<OptionFn>(() =>
    valueOption(this.points(), {
      value: (amount) => this.prefs.money(amount, this.currency()),
      axis: (amount) => this.prefs.money(amount.toFixed(2), this.currency(), { compact: true }),
      day: (day, long) => this.prefs.calendarDay(day, long),
      stroke: STROKES,
      hint: matchMedia('(pointer: fine)').matches ? 'Click: where this comes from' : '',
    }),
  );
  /** The day nearest to that place of the axis. */
  protected pick(time: number): void {
    const day = new Date(Math.round(time / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
    if (this.points().some((point) => point.day === day)) this.picked.emit(day);
  }
  protected readonly label = computed(() => {
    const known = this.points().filter((point) => point.value !== null);
    const [first, last] = [known[0], known.at(-1)];
    if (!first || !last) return 'Value over time';
    const said = (point: typeof first) =>
      `${this.prefs.money(point.value, this.currency())} on ${this.prefs.calendarDay(point.day, true)}`;
    return `Value over time: from ${said(first)} to ${said(last)}`;
  });
}
