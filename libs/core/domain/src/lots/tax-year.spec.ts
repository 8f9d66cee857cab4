import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COST_BASIS_METHODS, taxYear, taxYearOf } from './index.js';

test.each([
  ['section-104', '2025-04-05T22:59:59.999Z', 2024],
  ['section-104', '2025-04-05T23:00:00.000Z', 2025],
  ['section-104', '2026-01-01T00:00:00.000Z', 2025],
  ['fifo', '2025-12-31T23:59:59.999Z', 2025],
  ['fifo', '2026-01-01T00:00:00.000Z', 2026],
] as const)('by %s, %s belongs to %i', (method, instant, year) => {
  expect(taxYearOf(Date.parse(instant), method)).toBe(year);
});

test('every instant lies in the year it belongs to, and years follow each other without a gap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
      fc.constantFrom(...COST_BASIS_METHODS),
      (at, method) => {
        const year = taxYearOf(at, method);
        const { fromAt, toAt } = taxYear(year, method);
        expect(at >= fromAt && at <= toAt).toBe(true);
        expect(taxYear(year + 1, method).fromAt).toBe(toAt + 1);
      },
    ),
  );
});
