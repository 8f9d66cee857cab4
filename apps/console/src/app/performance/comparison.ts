import { Component, computed, ElementRef, inject, input, viewChild } from '@angular/core';
import type { Performance } from '../../api/models';
import { Chart, OptionFn } from '../ui/chart';
import { Dialogs } from '../ui/dialog';
import { signOf } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { BenchmarkChoice, type ChosenBenchmark } from './benchmark-choice';
import { besideFacts } from './facts';
import { returnOption } from './return-option';

/** Returns beside those of another asset that the person chose: both lines, and what the same money would be in it. */
@Component({
  selector: 'app-comparison',
  imports: [Chart, Icon],
  template: `
    <div class="vs">
      @if (choice.chosen(); as beside) {
        <h3>
          Beside {{ beside.name }} <span class="muted">{{ beside.symbol }}</span>
        </h3>
      }
      <button #chooser type="button" class="btn sm" (click)="choose()">
        @if (choice.chosen()) {
          Change
        } @else {
          <ui-icon name="activity" [size]="15" />Compare with…
        }
      </button>
      @if (choice.chosen(); as beside) {
        <button
          type="button"
          class="btn ghost icon sm"
          [attr.aria-label]="'Do not compare with ' + beside.name"
          (click)="clear()"
        >
          <ui-icon name="x" [size]="16" />
        </button>
      }
    </div>
    @if (choice.chosen(); as beside) {
      @if (facts(); as list) {
        <dl [class.busy]="busy()" [attr.aria-busy]="busy()">
          @for (fact of list; track fact.key) {
            <div [attr.data-testid]="'beside-' + fact.key">
              <dt>{{ fact.label }}</dt>
              <dd class="num" [class.up]="fact.sign === 1" [class.down]="fact.sign === -1" [class.no]="!fact.known">
                @if (fact.sign) {
                  <ui-icon [name]="fact.sign === 1 ? 'arrow-up-right' : 'arrow-down-right'" [size]="15" />
                }
                {{ fact.text }}
              </dd>
              <dd class="sub">{{ fact.sub }}</dd>
            </div>
          }
        </dl>
        @if (drawable()) {
          <ui-chart class="plot" [class.busy]="busy()" [option]="option()" [label]="label()" />
          <ul class="legend" aria-label="Lines">
            <li><i></i>{{ owner() }}</li>
            <li><i class="other"></i>{{ beside.name }}</li>
          </ul>
        }
      }
    }
  `,
  styleUrls: ['./performance-card.scss', './comparison.scss'],
})
export class Comparison {
  /** The answer of now; undefined while there is none. */
  readonly performance = input<Performance>();
  readonly busy = input(false);
  /** What it is that performs. */
  readonly name = input('Everything');
  private readonly prefs = inject(Prefs);
  private readonly dialogs = inject(Dialogs);
  protected readonly choice = inject(BenchmarkChoice);
  private readonly chooser = viewChild.required<ElementRef<HTMLElement>>('chooser');
  /** An answer about what was chosen before says nothing of this choice. */
  private readonly answer = computed(() => {
    const [it, beside] = [this.performance(), this.choice.chosen()];
    return it?.benchmark && it.benchmark.assetId === beside?.id ? it : undefined;
  });
  protected readonly facts = computed(() => {
    const it = this.answer();
    return it?.benchmark ? besideFacts(it, it.benchmark, this.prefs, signOf) : undefined;
  });
  protected readonly owner = computed(() => (this.name() === 'Everything' ? 'You' : this.name()));
  private readonly points = computed(() => this.answer()?.benchmark?.series ?? []);
  protected readonly drawable = computed(() => this.points().length > 1);
  protected readonly option = computed<OptionFn>(() =>
    returnOption(this.points(), {
      ratio: (value) => (value === null ? 'Not known' : this.prefs.ratio(value, true)),
      axis: (ratio, digits) => this.prefs.ratio(ratio.toFixed(6), false, digits),
      day: (day, long) => this.prefs.calendarDay(day, long),
      own: this.owner(),
      other: this.choice.chosen()?.name ?? '',
    }),
  );
  protected readonly label = computed(() => {
    const [first, last] = [this.points()[0], this.points().at(-1)];
    if (!first || !last) return 'Returns over time';
    const told = (value: string | null): string => (value === null ? 'not known' : this.prefs.ratio(value, true));
    const days = `${this.prefs.calendarDay(first.day, true)} to ${this.prefs.calendarDay(last.day, true)}`;
    return `Returns from ${days}: ${this.owner()} ${told(last.own)}, ${this.choice.chosen()?.name ?? ''} ${told(last.other)}`;
  });

  /** The button that was used goes away; whoever uses the keyboard stays where they are. */
  protected clear(): void {
    this.choice.choose(undefined);
    this.chooser().nativeElement.focus();
  }

  protected async choose(): Promise<void> {
    const chosen = await this.dialogs.open<ChosenBenchmark>(() =>
      import('./choose-benchmark').then((it) => it.ChooseBenchmark),
    );
    if (chosen) this.choice.choose(chosen);
  }
}
