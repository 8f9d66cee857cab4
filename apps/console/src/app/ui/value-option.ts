import type { HistoryPoint } from '../../api/models';
import type { OptionFn, Palette } from './chart';
import { toPixels } from './format';
import { Segment, segmentsOf, Stroke, strokeOf } from './segments';

export interface ChartWords {
  value(amount: string | null): string;
  axis(amount: number): string;
  day(day: string, long?: boolean): string;
  stroke: Record<Stroke, string>;
  /** What a click does; empty: nothing. */
  hint: string;
}

const alpha = (rgb: string, amount: number) =>
  rgb.replace(/rgba?\(([^)]+)\)/, (_, body: string) => `rgba(${body.split(',').slice(0, 3).join(',')}, ${amount})`);

export function line(text: string, css: Partial<CSSStyleDeclaration>): HTMLElement {
  const element = document.createElement('div');
  element.textContent = text;
  Object.assign(element.style, css);
  return element;
}

const at = (point: HistoryPoint | undefined) => Date.parse(`${point?.day ?? ''}T00:00:00Z`);

function hatch(palette: Palette): unknown {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 8;
  const pen = canvas.getContext('2d');
  if (!pen) return alpha(palette.text3, 0.12);
  pen.strokeStyle = alpha(palette.text3, 0.3);
  pen.beginPath();
  for (const [x1, y1, x2, y2] of [
    [0, 8, 8, 0],
    [-2, 2, 2, -2],
    [6, 10, 10, 6],
  ] as const) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
  return { image: canvas, repeat: 'repeat' };
}

function series(points: readonly HistoryPoint[], segment: Segment, palette: Palette): object {
  const dashed = segment.stroke === 'dashed';
  const single = segment.from === segment.to;
  return {
    type: 'line',
    silent: true,
    showSymbol: single,
    symbolSize: 5,
    z: dashed ? 3 : 2,
    emphasis: { disabled: true },
    data: points.slice(segment.from, segment.to + 1).map((point) => [at(point), toPixels(point.value ?? 'NaN')]),
    itemStyle: { color: palette.accent },
    lineStyle: { width: 2, color: palette.accent, type: dashed ? [4, 4] : 'solid' },
    areaStyle: {
      color: {
        type: 'linear',
        x: 0,
        y: 0,
        x2: 0,
        y2: 1,
        colorStops: [
          { offset: 0, color: alpha(palette.accent, dashed ? 0.06 : 0.2) },
          { offset: 1, color: alpha(palette.accent, 0) },
        ],
      },
    },
  };
}

/** What goes under the curves of any chart over days. */
export interface Frame {
  /** Ascending, as instants. */
  start: number;
  end: number;
  low: number;
  high: number;
  day(day: string): string;
  axis(amount: number): string;
  /** What the tooltip says of an instant. */
  said(time: number): HTMLElement[];
}

/** Axes, tooltip and ticks of a chart over days: everything but its series. */
export function frameOption(frame: Frame, palette: Palette): object {
  const { start, end, low, high } = frame;
  const pad = (high - low || Math.abs(high) || 1) * 0.12;
  const ticks = [1, 2, 3, 4, 5].map((n) => start + Math.round((((end - start) / 6) * n) / 86_400_000) * 86_400_000);
  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif' },
    grid: { left: 2, right: 58, top: 10, bottom: 24 },
    xAxis: {
      type: 'time',
      min: start,
      max: end,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        customValues: [...new Set(ticks)],
        color: palette.text3,
        fontSize: 11.5,
        hideOverlap: true,
        formatter: (time: number) => frame.day(new Date(time).toISOString().slice(0, 10)),
      },
      axisPointer: {
        show: true,
        snap: true,
        label: { show: false },
        lineStyle: { color: palette.text3, type: [3, 3] },
      },
    },
    yAxis: {
      type: 'value',
      position: 'right',
      min: low - pad,
      max: high + pad,
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: palette.grid } },
      axisLabel: {
        color: palette.text3,
        fontSize: 11.5,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => frame.axis(value),
      },
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.line,
      borderWidth: 1,
      padding: [9, 12],
      extraCssText: 'border-radius:10px;box-shadow:0 8px 28px rgb(0 0 0 / .16)',
      // An element, not an HTML string: no style attribute for the CSP to refuse, nothing to escape.
      formatter: (hits: { axisValue?: number; value?: [number, number] }[]) => {
        const box = document.createElement('div');
        box.append(...frame.said(hits[0]?.value?.[0] ?? hits[0]?.axisValue ?? 0));
        return box;
      },
    },
  };
}

/** One series per stretch of the curve; gaps are hatched and days that are less than complete lie on a shade. */
export function valueOption(points: readonly HistoryPoint[], words: ChartWords): OptionFn {
  const segments = segmentsOf(points);
  const days = new Map(points.map((point) => [at(point), point]));
  const values = points.flatMap((point) => (point.value === null ? [] : [toPixels(point.value)]));
  const areas = (stroke: Stroke) =>
    segments
      .filter((segment) => segment.stroke === stroke)
      .map(({ from, to }) => [{ xAxis: at(points[from]) }, { xAxis: at(points[to]) }]);
  const said = (hit: HistoryPoint, palette: Palette): HTMLElement[] => [
    line(words.day(hit.day, true), { color: palette.text2, fontSize: '12px' }),
    line(words.value(hit.value), {
      color: palette.text,
      fontSize: '15px',
      fontWeight: '620',
      margin: '2px 0',
      fontVariantNumeric: 'tabular-nums',
    }),
    line(words.stroke[strokeOf(hit)], { color: palette.text3, fontSize: '12px' }),
    ...(words.hint ? [line(words.hint, { color: palette.accent, fontSize: '12px', marginTop: '2px' })] : []),
  ];
  const frame = (palette: Palette): Frame => ({
    start: at(points[0]),
    end: at(points.at(-1)),
    low: values.length ? Math.min(...values) : 0,
    high: values.length ? Math.max(...values) : 1,
    day: (day) => words.day(day),
    axis: words.axis,
    said: (time) => {
      const hit = days.get(time);
      return hit ? said(hit, palette) : [];
    },
  });

  return (palette) => ({
    ...frameOption(frame(palette), palette),
    series: [
      // An empty base series carries the areas, so that they lie under every stretch of the curve.
      {
        type: 'line',
        silent: true,
        data: points.map((point) => [at(point), point.value === null ? null : toPixels(point.value)]),
        showSymbol: false,
        lineStyle: { opacity: 0 },
        itemStyle: { color: palette.accent },
        markArea: { silent: true, data: areas('gap'), itemStyle: { color: hatch(palette) } },
      },
      {
        type: 'line',
        silent: true,
        data: [],
        markArea: { silent: true, data: areas('shaded'), itemStyle: { color: alpha(palette.accent, 0.05) } },
      },
      ...segments.filter((segment) => segment.stroke !== 'gap').map((segment) => series(points, segment, palette)),
    ],
  });
}
