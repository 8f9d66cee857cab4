import type { ImportState } from '../../api/models';
import { isWorking, placeOf, STATE_WORDS, STEPS } from './steps';

describe('placeOf', () => {
  it.each<[ImportState, string, number]>([
    ['waiting', 'working', 0],
    ['reading', 'working', 0],
    ['needs-mapping', 'mapping', 1],
    ['to-review', 'review', 2],
    ['recording', 'working', 3],
    ['recorded', 'done', 3],
    ['failed', 'failed', 0],
    ['discarded', 'discarded', 0],
    ['undoing', 'working', 3],
    ['undone', 'undone', 3],
  ])('%s shows %s at step %i', (state, view, step) => {
    expect(placeOf(state)).toEqual({ view, step });
  });
  it('knows every state, and no step beyond the last', () => {
    for (const state of Object.keys(STATE_WORDS) as ImportState[]) {
      expect(placeOf(state).step).toBeLessThan(STEPS.length);
    }
  });
  it('expects news only while the server works', () => {
    const working = (Object.keys(STATE_WORDS) as ImportState[]).filter(isWorking);
    expect(working).toEqual(['waiting', 'reading', 'recording', 'undoing']);
  });
});
