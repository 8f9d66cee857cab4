import { Component, computed, input } from '@angular/core';
import { toPixels } from './format';

const WIDTH = 88;
const HEIGHT = 28;
const PAD = 2;

/** Thirty days in a table row. Days without a value leave a gap; they are never drawn as zero. */
@Component({
  selector: 'ui-sparkline',
  template: `
    @if (paths(); as p) {
      <svg viewBox="0 0 88 28" preserveAspectRatio="none" height="28" aria-hidden="true">
        <path class="fill" [attr.d]="p.area" />
        <path class="line" [attr.d]="p.line" />
      </svg>
    } @else {
      <span class="none" aria-hidden="true">–</span>
    }
  `,
  host: { '[class]': 'trend()' },
  styles: `
    :host {
      display: inline-block;
      width: var(--spark-w, 88px);
      vertical-align: middle;
      line-height: 0;
      color: var(--c-text-3);
    }
    :host(.up) {
      color: var(--c-gain);
    }
    :host(.down) {
      color: var(--c-loss);
    }
    svg {
      display: block;
      width: 100%;
    }
    .line {
      vector-effect: non-scaling-stroke;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.5;
      stroke-linejoin: round;
      stroke-linecap: round;
    }
    .fill {
      fill: currentColor;
      opacity: 0.1;
    }
    .none {
      line-height: 28px;
    }
  `,
})
export class Sparkline {
  readonly values = input.required<readonly (string | null)[]>();
  private readonly points = computed(() =>
    this.values().flatMap((value, at) => (value === null ? [] : [{ at, y: toPixels(value) }])),
  );
  protected readonly trend = computed(() => {
    const first = this.points()[0]?.y;
    const last = this.points().at(-1)?.y;
    if (first === undefined || last === undefined || first === last) return 'flat';
    return last > first ? 'up' : 'down';
  });
  protected readonly paths = computed(() => {
    const points = this.points();
    if (points.length < 2) return null;
    const low = Math.min(...points.map((point) => point.y));
    const span = Math.max(...points.map((point) => point.y)) - low;
    const count = this.values().length - 1;
    const x = (at: number) => ((at / count) * (WIDTH - 2) + 1).toFixed(1);
    const y = (value: number) =>
      (span === 0 ? HEIGHT / 2 : HEIGHT - PAD - ((value - low) / span) * (HEIGHT - 2 * PAD)).toFixed(1);
    let line = '';
    let area = '';
    let from: string | null = null;
    points.forEach((point, i) => {
      const joined = i > 0 && points[i - 1]?.at === point.at - 1;
      if (!joined && from) area += `L${x(points[i - 1]?.at ?? 0)} ${HEIGHT}L${from} ${HEIGHT}Z`;
      if (!joined) from = x(point.at);
      const step = `${joined ? 'L' : 'M'}${x(point.at)} ${y(point.y)}`;
      line += step;
      area += step;
    });
    return { line, area: `${area}L${x(points.at(-1)?.at ?? 0)} ${HEIGHT}L${from ?? 0} ${HEIGHT}Z` };
  });
}
