import type { Coverage, HistoryPoint } from '../../api/models';
import { segmentsOf } from './segments';

/** One letter per day: full, partial, estimated, unknown. */
function days(letters: string): HistoryPoint[] {
  const coverage: Record<string, Coverage> = { f: 'full', p: 'partial', e: 'estimated', u: 'unknown' };
  return [...letters].map((letter, index) => ({
    day: `2026-11-${String(index + 1).padStart(2, '0')}`,
    value: letter === 'u' ? null : '100',
    coverage: coverage[letter] ?? 'full',
  }));
}

const drawn = (letters: string) => segmentsOf(days(letters)).map(({ stroke, from, to }) => `${stroke} ${from}-${to}`);

describe('segmentsOf', () => {
  it('is empty for no days, and one stretch for equal days', () => {
    expect(drawn('')).toEqual([]);
    expect(drawn('fff')).toEqual(['solid 0-2']);
  });
  it('joins neighbours, so that lines meet', () => {
    expect(drawn('ffeep')).toEqual(['solid 0-1', 'dashed 1-3', 'shaded 3-4']);
  });
  it('spans a gap from the last known day to the next', () => {
    expect(drawn('fuuf')).toEqual(['solid 0-0', 'gap 0-3', 'solid 3-3']);
  });
  it('has gaps at both ends', () => {
    expect(drawn('ufu')).toEqual(['gap 0-1', 'solid 1-1', 'gap 1-2']);
  });
  it('never draws a day without a value, whatever its coverage says', () => {
    const [first, second] = days('ff');
    if (!first || !second) throw new Error('two days were asked for');
    expect(segmentsOf([first, { ...second, value: null }]).at(-1)?.stroke).toBe('gap');
  });
  it('leaves out no day', () => {
    for (const letters of ['fpeufpeu', 'uuff', 'efefef', 'fuf']) {
      const covered = new Set(
        segmentsOf(days(letters)).flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, n) => from + n)),
      );
      expect(covered.size).toBe(letters.length);
    }
  });
});
