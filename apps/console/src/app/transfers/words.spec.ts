import { expect, test } from 'vitest';
import type { TransferCandidate, TransferSide } from '../../api/models';
import { timeApart } from './words';

const side = (occurredAt: string, dayOnly = false) => ({ occurredAt, dayOnly }) as TransferSide;
const at = side('2026-03-01T12:00:00Z');

test.each<[TransferSide, number, string]>([
  [side('2026-03-01T12:00:00Z'), 0, 'same moment'],
  [side('2026-03-01T18:00:00Z', true), 0, 'same day'],
  [side('2026-03-01T12:00:20Z'), 20, 'seconds later'],
  [side('2026-03-01T11:48:00Z'), 720, '12 min earlier'],
  [side('2026-03-02T12:00:00Z'), 86_400, '24 h later'],
  [side('2026-03-05T12:00:00Z', true), 345_600, '4 days later'],
])('%o', (entry, secondsApart, words) => {
  expect(timeApart(at, { entry, secondsApart, quantityApart: '0' } as TransferCandidate)).toBe(words);
});
