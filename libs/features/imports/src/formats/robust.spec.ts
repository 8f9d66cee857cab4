import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONTEXT } from '../testing/fixture.js';
import { readCsv } from './csv.js';
import { recordsOf } from './csv.records.js';
import { sampleOf } from './csv.sample.js';
import { decode } from './decode.js';
import { readOfx } from './ofx.js';
import { readRevolut } from './revolut.js';
import { UnreadableFile } from './statement.js';

/** Whatever is handed in: it is read, or refused in words; nothing else is thrown. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined;
    throw error;
  }
}

const cell = fc.oneof(
  fc.constantFrom(
    '',
    '2026-01-01',
    '01/02/2026',
    '1.234,50',
    '-12.00',
    '(3)',
    'Shop',
    'EUR',
    'COMPLETED',
    '"',
    'a\nb',
    "'",
  ),
  fc.string(),
);

const table = fc
  .tuple(
    fc.constantFrom(',', ';', '\t', '|'),
    fc.array(fc.array(cell, { maxLength: 7 }), { maxLength: 20 }),
    fc.boolean(),
  )
  .map(([delimiter, lines, quoted]) =>
    lines
      .map((cells) => cells.map((one) => (quoted ? `"${one.replaceAll('"', '""')}"` : one)).join(delimiter))
      .join('\n'),
  );

test('any table is sampled, and under the suggested mapping every record is a row or a problem', () => {
  fc.assert(
    fc.property(table, (text) => {
      const suggestion = readable(() => sampleOf(text, 'EUR'))?.suggestion;
      if (!suggestion) return;
      const statement = readable(() => readCsv(text, suggestion, CONTEXT));
      if (!statement) return;
      const records = recordsOf(text, suggestion.delimiter).filter(({ line }) => line > (suggestion.headerLine ?? 0));
      expect(statement.rows.length + statement.problems.length).toBe(records.length);
    }),
    { numRuns: 1_000 },
  );
});

test('any lines under the heading of Revolut are rows or problems', () => {
  const heading = 'Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance';
  fc.assert(
    fc.property(table, (text) => {
      const whole = `${heading}\n${text}`;
      const statement = readable(() => readRevolut(whole, CONTEXT));
      if (!statement) return;
      expect(statement.rows.length + statement.problems.length).toBe(recordsOf(whole, ',').length - 1);
    }),
  );
});

test('any soup of tags is read or refused', () => {
  const tag = fc.constantFrom(
    'OFX',
    'STMTRS',
    'STMTTRN',
    'DTPOSTED',
    'TRNAMT',
    'FITID',
    'NAME',
    'LEDGERBAL',
    'BALAMT',
    'x',
  );
  const piece = fc.oneof(
    tag.map((name) => `<${name}>`),
    tag.map((name) => `</${name}>`),
    tag.map((name) => `<${name}/>`),
    fc.constantFrom('20260101', '-1.00', '<![CDATA[', ']]>', '&#0;', '&#99999999;', '<', '\n'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      readable(() => readOfx(`<OFX>${pieces.join('')}`, CONTEXT));
    }),
    { numRuns: 1_000 },
  );
});

test('any bytes are text or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      readable(() => decode(Buffer.from(bytes)));
    }),
  );
});
