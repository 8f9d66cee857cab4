import {
  afterNextRender,
  Component,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  InjectionToken,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { Theme } from './theme';

/** Chart colours as resolved rgb() strings: a canvas can read neither var() nor light-dark(). */
export interface Palette {
  text: string;
  text2: string;
  text3: string;
  line: string;
  grid: string;
  surface: string;
  accent: string;
}
export type OptionFn = (palette: Palette) => EChartsCoreOption;

function readPalette(host: HTMLElement): Palette {
  const probe = host.ownerDocument.createElement('i');
  probe.hidden = true;
  host.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = {
    text: colour('--c-text'),
    text2: colour('--c-text-2'),
    text3: colour('--c-text-3'),
    line: colour('--c-line'),
    grid: colour('--c-grid'),
    surface: colour('--c-surface'),
    accent: colour('--c-accent'),
  };
  probe.remove();
  return palette;
}

export interface ChartEngine {
  init(element: HTMLElement, theme?: unknown, options?: { renderer?: 'canvas' | 'svg' }): EChartsType;
}
/** A token, because jsdom has no canvas. */
export const CHART_ENGINE = new InjectionToken<() => Promise<ChartEngine>>('CHART_ENGINE', {
  factory: () => () => import('./echarts-core'),
});

/** Lazy ECharts: the library loads when the first chart is on the page; `option` and the theme redraw it. */
@Component({
  selector: 'ui-chart',
  template: `<div #box class="box" aria-hidden="true"></div>`,
  host: { role: 'img', '[attr.aria-label]': 'label()' },
  styles: `
    :host {
      display: block;
      position: relative;
      min-width: 0;
    }
    .box {
      width: 100%;
      height: 100%;
    }
  `,
})
export class Chart {
  readonly option = input.required<OptionFn>();
  readonly label = input.required<string>();
  /** The value of the horizontal axis where a mouse was clicked; a finger only asks for the tooltip. */
  readonly picked = output<number>();
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  private readonly theme = inject(Theme);
  private readonly chart = signal<EChartsType | undefined>(undefined);

  constructor() {
    const engine = inject(CHART_ENGINE);
    let gone = false;
    let observer: ResizeObserver | undefined;
    inject(DestroyRef).onDestroy(() => {
      gone = true;
      observer?.disconnect();
      untracked(this.chart)?.dispose();
    });
    afterNextRender(async () => {
      const { init } = await engine();
      if (gone) return;
      const element = this.box().nativeElement;
      const chart = init(element, undefined, { renderer: 'canvas' });
      observer = new ResizeObserver(() => chart.resize());
      observer.observe(element);
      chart.getZr().on('click', ({ offsetX, offsetY }) => {
        const place = [offsetX, offsetY];
        if (gone || !matchMedia('(pointer: fine)').matches || !chart.containPixel('grid', place)) return;
        const [x] = chart.convertFromPixel('grid', place);
        if (x !== undefined) this.picked.emit(x);
      });
      this.chart.set(chart);
    });
    effect(() => {
      const chart = this.chart();
      const make = this.option();
      this.theme.dark();
      // Once the attribute on <html> has changed, the computed colours are right.
      queueMicrotask(() => {
        if (chart && !gone) chart.setOption(make(readPalette(this.box().nativeElement)), { notMerge: true });
      });
    });
  }
}
