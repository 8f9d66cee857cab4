import { Component, computed, inject, input, signal } from '@angular/core';
import type { Slice } from '../../api/models';
import { toPixels } from './format';
import { Prefs } from './prefs';

const RADIUS = 42;
const ROUND = 2 * Math.PI * RADIUS;
const COLOURS = 8;

/** Shares of a whole. The list is the accessible version of the picture. */
@Component({
  selector: 'ui-donut',
  template: `
    <div class="wrap">
      <svg viewBox="0 0 108 108" aria-hidden="true">
        @for (arc of arcs(); track arc.slice.key) {
          <circle
            cx="54"
            cy="54"
            r="42"
            [class]="'c' + arc.colour"
            [class.dim]="hot() && hot() !== arc.slice.key"
            [attr.stroke-dasharray]="arc.dash"
            [attr.stroke-dashoffset]="arc.offset"
          />
        }
        <text x="54" y="53" class="big">{{ centre().ratio }}</text>
        <text x="54" y="66" class="lab">{{ centre().label }}</text>
      </svg>
      <ul>
        @for (arc of arcs(); track arc.slice.key) {
          <li (mouseenter)="hot.set(arc.slice.key)" (mouseleave)="hot.set(null)">
            <i [class]="'c' + arc.colour"></i><span class="l" [title]="arc.slice.label">{{ arc.slice.label }}</span>
            <span class="v num">{{ prefs.money(arc.slice.value, currency()) }}</span>
            <span class="p num">{{ prefs.ratio(arc.slice.ratio, false, 1) }}</span>
          </li>
        }
      </ul>
    </div>
  `,
  styles: `
    :host {
      display: block;
      container-type: inline-size;
    }
    .wrap {
      display: grid;
      gap: 14px;
      justify-items: center;
    }
    svg {
      width: min(184px, 60%);
    }
    circle {
      fill: none;
      stroke: var(--cat);
      stroke-width: 13;
      transform: rotate(-90deg);
      transform-origin: 54px 54px;
      transition: opacity 0.15s;
    }
    .dim {
      opacity: 0.28;
    }
    text {
      text-anchor: middle;
      fill: var(--c-text);
    }
    .big {
      font-size: 15px;
      font-weight: 640;
      letter-spacing: -0.02em;
    }
    .lab {
      font-size: 7.5px;
      fill: var(--c-text-3);
      font-weight: 550;
    }
    ul {
      width: 100%;
      max-height: 204px;
      overflow-y: auto;
    }
    li {
      display: grid;
      grid-template-columns: 10px minmax(0, 1fr) auto 50px;
      align-items: center;
      gap: 10px;
      min-height: 34px;
      padding: 0 8px;
      border-radius: 8px;
      font-size: 13px;
    }
    li:hover {
      background: var(--c-hover);
    }
    i {
      width: 10px;
      height: 10px;
      border-radius: 3px;
      background: var(--cat);
    }
    @for $n from 1 through 8 {
      .c#{$n} {
        --cat: var(--c-cat-#{$n});
      }
    }
    .l {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      font-weight: 520;
    }
    .p {
      text-align: right;
      color: var(--c-text-3);
    }
    .v {
      font-weight: 550;
    }
    @container (min-width: 430px) {
      .wrap {
        grid-template-columns: 170px 1fr;
        align-items: center;
      }
      svg {
        width: 170px;
      }
    }
  `,
})
export class Donut {
  readonly slices = input.required<readonly Slice[]>();
  readonly currency = input.required<string>();
  protected readonly prefs = inject(Prefs);
  protected readonly hot = signal<string | null>(null);
  protected readonly arcs = computed(() => {
    let start = 0;
    return this.slices().map((slice, index) => {
      const share = toPixels(slice.ratio);
      const length = share > 0.999 ? ROUND : Math.max(0.4, share * ROUND - 1.4);
      const offset = -start * ROUND;
      start += share;
      return {
        slice,
        colour: (index % COLOURS) + 1,
        dash: `${length.toFixed(2)} ${(ROUND - length).toFixed(2)}`,
        offset: offset.toFixed(2),
      };
    });
  });
  protected readonly centre = computed(() => {
    const slice = this.slices().find((one) => one.key === this.hot()) ?? this.slices()[0];
    if (!slice) return { ratio: '', label: '' };
    const label = slice.label.length > 15 ? `${slice.label.slice(0, 14)}…` : slice.label;
    return { ratio: this.prefs.ratio(slice.ratio, false, 1), label };
  });
}
