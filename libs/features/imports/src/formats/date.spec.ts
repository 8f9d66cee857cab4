import { expect, test } from 'vitest';
import { readWhen } from './date.js';
import type { DateFormat } from './mapping.js';
import { readOfxDate } from './ofx.js';

test.each<[string, DateFormat, string, boolean]>([
  ['2026-03-01', 'YYYY-MM-DD', '2026-03-01T12:00:00.000Z', true],
  ['1.3.26', 'DD.MM.YYYY', '2026-03-01T12:00:00.000Z', true],
  ['01.03.1999', 'DD.MM.YYYY', '1999-03-01T12:00:00.000Z', true],
  ['03/01/2026', 'MM/DD/YYYY', '2026-03-01T12:00:00.000Z', true],
  ['03/01/2026', 'DD/MM/YYYY', '2026-01-03T12:00:00.000Z', true],
  ['20260301', 'YYYYMMDD', '2026-03-01T12:00:00.000Z', true],
  ['2026-03-01 00:00:00', 'YYYY-MM-DD', '2026-03-01T12:00:00.000Z', true],
  ['2026-03-01 08:15', 'YYYY-MM-DD', '2026-03-01T08:15:00.000Z', false],
  ['2026-03-01T23:30:00+01:00', 'YYYY-MM-DD', '2026-03-01T22:30:00.000Z', false],
  ['03/01/2026 1:05 PM', 'MM/DD/YYYY', '2026-03-01T13:05:00.000Z', false],
  ['03/01/2026 12:05 am', 'MM/DD/YYYY', '2026-03-01T00:05:00.000Z', false],
])('%s as %s', (written, format, at, dayOnly) => expect(readWhen(written, format)).toEqual({ at, dayOnly }));

test.each<[string, DateFormat]>([
  ['30.02.2026', 'DD.MM.YYYY'],
  ['2026-13-01', 'YYYY-MM-DD'],
  ['13/13/2026', 'MM/DD/YYYY'],
  ['2026-03-01 25:00', 'YYYY-MM-DD'],
  ['2026-03-01 pending', 'YYYY-MM-DD'],
  ['', 'YYYYMMDD'],
  ['123', 'YYYYMMDD'],
])('%j is no %s', (written, format) => expect(readWhen(written, format)).toBeUndefined());

test.each([
  ['20260303', '2026-03-03T12:00:00.000Z', true],
  ['20260303000000', '2026-03-03T12:00:00.000Z', true],
  ['20260303000000[+1:CET]', '2026-03-03T12:00:00.000Z', true],
  ['20260303233000[-5:EST]', '2026-03-04T04:30:00.000Z', false],
  ['20260331120000.123[+5.5:IST]', '2026-03-31T06:30:00.123Z', false],
  ['202603311200', '2026-03-31T12:00:00.000Z', false],
])('OFX %s', (written, at, dayOnly) => expect(readOfxDate(written)).toEqual({ at, dayOnly }));

test.each(['2026-03-03', '20261301', '20260303993000', ''])('OFX %j is no date', (written) =>
  expect(readOfxDate(written)).toBeUndefined(),
);
