import type { Coverage, HistoryPoint } from '../../api/models';

/** How a stretch of the curve is drawn: solid line, solid over a shaded band, dashed, or a hatched gap. */
export type Stroke = 'solid' | 'shaded' | 'dashed' | 'gap';

export interface Segment {
  stroke: Stroke;
  /** Indices into the points, both included. Neighbours share their boundary, so that lines meet. */
  from: number;
  to: number;
}

const STROKE: Record<Coverage, Stroke> = { full: 'solid', partial: 'shaded', estimated: 'dashed', unknown: 'gap' };

export function strokeOf(point: HistoryPoint): Stroke {
  return point.value === null ? 'gap' : STROKE[point.coverage];
}

/**
 * Cuts a curve into stretches of one stroke. Between two drawn strokes the line runs on: the later stretch begins
 * at the last point of the earlier one. A gap reaches from the last known point to the next known one.
 */
export function segmentsOf(points: readonly HistoryPoint[]): Segment[] {
  const out: Segment[] = [];
  points.forEach((point, index) => {
    const stroke = strokeOf(point);
    const last = out.at(-1);
    if (last?.stroke === stroke) {
      last.to = index;
      return;
    }
    if (last?.stroke === 'gap') last.to = index;
    const joins = last !== undefined && last.stroke !== 'gap';
    out.push({ stroke, from: joins ? index - 1 : index, to: index });
  });
  return out;
}
