import type { EgressDestination } from '../../api/models';
import { formatBytes, groupsOf, purposeOf } from './words';

const destination = (purpose: string, host: string, calls: number, mine = false): EgressDestination => ({
  process: 'worker',
  host,
  purpose,
  calls,
  failed: 1,
  sentBytes: 10,
  receivedBytes: 20,
  cost: null,
  mine,
  own: false,
  lastAt: '2026-01-01T00:00:00.000Z',
});

describe('what left this server', () => {
  it('is grouped by what it is for, the most calls first', () => {
    const groups = groupsOf([
      destination('mail', 'smtp.example', 2, true),
      destination('prices', 'a.example', 5),
      destination('prices', 'b.example', 1),
    ]);
    expect(groups.map(({ word, calls, sentBytes, failed, mine }) => [word, calls, sentBytes, failed, mine])).toEqual([
      ['prices', 6, 20, 2, false],
      ['mail', 2, 10, 1, true],
    ]);
    expect(groups[0]?.destinations.map(({ host }) => host)).toEqual(['a.example', 'b.example']);
  });

  it('has a word for purposes of a later version', () => {
    expect(purposeOf('telepathy').title).toBe('Other calls');
  });

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_000, '1 kB'],
    [1_540, '1.5 kB'],
    [42_000_000, '42 MB'],
    [9_999_999_999_999, '10 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes('en', bytes)).toBe(text);
  });
});
