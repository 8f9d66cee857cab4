import type { ReturnPoint } from '../../api/models';
import type { OptionFn, Palette } from '../ui/chart';
import { toPixels } from '../ui/format';
import { type Frame, frameOption, line } from '../ui/value-option';

export interface ReturnWords {
  ratio(value: string | null): string;
  axis(ratio: number, digits: number): string;
  day(day: string, long?: boolean): string;
  own: string;
  other: string;
}

const at = (day: string | undefined): number => Date.parse(`${day ?? ''}T00:00:00Z`);

/** Two returns over the same days: a solid line for one's own, a dashed one for what it is compared with. */
export function returnOption(points: readonly ReturnPoint[], words: ReturnWords): OptionFn {
  const days = new Map(points.map((point) => [at(point.day), point]));
  const values = points.flatMap(({ own, other }) => [own, ...(other === null ? [] : [other])]).map(toPixels);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  // Four lines of the grid, which must not say the same.
  const digits = high - low < 0.02 ? 2 : high - low < 0.1 ? 1 : 0;
  const said = (hit: ReturnPoint, palette: Palette): HTMLElement[] => [
    line(words.day(hit.day, true), { color: palette.text2, fontSize: '12px' }),
    line(`${words.own} ${words.ratio(hit.own)}`, { color: palette.text, fontSize: '14px', fontWeight: '600' }),
    line(`${words.other} ${words.ratio(hit.other)}`, { color: palette.text2, fontSize: '14px', fontWeight: '600' }),
  ];
  const frame = (palette: Palette): Frame => ({
    start: at(points[0]?.day),
    end: at(points.at(-1)?.day),
    low,
    high,
    day: (day) => words.day(day),
    axis: (ratio) => words.axis(ratio, ratio === 0 ? 0 : digits),
    said: (time) => {
      const hit = days.get(time);
      return hit ? said(hit, palette) : [];
    },
  });
  const curve = (of: (point: ReturnPoint) => string | null, color: string, dashed: boolean): object => ({
    type: 'line',
    silent: true,
    showSymbol: false,
    connectNulls: false,
    emphasis: { disabled: true },
    z: dashed ? 2 : 3,
    data: points.map((point) => {
      const value = of(point);
      return [at(point.day), value === null ? null : toPixels(value)];
    }),
    itemStyle: { color },
    lineStyle: { width: 2, color, type: dashed ? [5, 4] : 'solid' },
  });
  return (palette) => ({
    ...frameOption(frame(palette), palette),
    series: [curve((point) => point.other, palette.text2, true), curve((point) => point.own, palette.accent, false)],
  });
}
