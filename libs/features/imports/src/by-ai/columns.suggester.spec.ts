import type { AiColumns } from '@scani/cloud';
import { expect, test } from 'vitest';
import { sampleOf } from '../formats/csv.sample.js';
import { mappingOf } from './columns.suggester.js';

const told: AiColumns = {
  date: 1,
  dateFormat: 'DD.MM.YYYY',
  amount: 2,
  debit: null,
  credit: null,
  decimalSeparator: ',',
  description: [0],
  balance: null,
  currency: null,
  id: null,
};
const { suggestion, dateFormats } = sampleOf(
  'Wer;Wann;Wieviel\nBäcker;03.11.2026;-4,50\nMiete;30.11.2026;-950,00\n',
  'EUR',
);

test('the columns come from the model, the rest of the file from what we know of it', () => {
  expect(mappingOf(told, suggestion, dateFormats)).toMatchObject({
    delimiter: ';',
    headerLine: 1,
    date: 1,
    amount: 2,
    description: [0],
  });
});

test('a date format that the dates do not have is not taken', () => {
  expect(mappingOf({ ...told, dateFormat: 'MM/DD/YYYY' }, suggestion, dateFormats).dateFormat).toBe('DD.MM.YYYY');
  expect(mappingOf({ ...told, dateFormat: 'YYYY' }, suggestion, dateFormats).dateFormat).toBe('DD.MM.YYYY');
});
