import { Injectable } from '@nestjs/common';
import { AI_LONGEST_CELL, AI_SAMPLE_ROWS, type AiColumns, CloudClient, CloudError } from '@scani/cloud';
import { Conflict, Invalid, TooMany, Unavailable } from '@scani/runtime';
import { type CsvMapping, DATE_FORMATS, DECIMAL_SEPARATORS } from '../formats/mapping.js';
import type { StoredSample } from '../imports/import.queries.js';

const COME_BACK_SECONDS = 60;

/** Has a model say which column of a CSV holds what; its owner looks at it like at our own guess. */
@Injectable()
export class ColumnsSuggester {
  constructor(private readonly cloud: CloudClient) {}

  /** Sends the names of the columns and the first lines, and nothing else. */
  async suggest({ columns, lines, suggestion, dateFormats }: StoredSample): Promise<CsvMapping> {
    const heading = columns.map(({ name }) => name.slice(0, AI_LONGEST_CELL));
    const rows = lines.slice(0, AI_SAMPLE_ROWS).map((line) => line.map((cell) => cell.slice(0, AI_LONGEST_CELL)));
    const told = await this.ask(heading, rows);
    if (told === null) {
      throw new Conflict(
        'no-columns',
        'The model found no date or no amount among these columns. Choose them yourself.',
      );
    }
    return mappingOf(told, suggestion, dateFormats);
  }

  private async ask(heading: readonly string[], rows: readonly string[][]): Promise<AiColumns | null> {
    try {
      return await this.cloud.suggestColumns(heading, rows);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      const { code, problem = 'ai-failed', detail, retryAfterSeconds = COME_BACK_SECONDS } = error;
      if (code === 'limited') throw new TooMany(problem, detail, retryAfterSeconds);
      if (code === 'refused') throw new Invalid(problem, detail);
      throw new Unavailable(problem, `The columns could not be suggested: ${detail}.`, retryAfterSeconds);
    }
  }
}

/** What the cells themselves say of their dates counts more than what a model says of them. */
export function mappingOf(told: AiColumns, ours: CsvMapping, dateFormats: StoredSample['dateFormats']): CsvMapping {
  const { date, amount, debit, credit, balance, currency, id } = told;
  const fitting = dateFormats[date] ?? [];
  const named = DATE_FORMATS.find((format) => format === told.dateFormat);
  const dateFormat =
    named && (fitting.length === 0 || fitting.includes(named)) ? named : (fitting[0] ?? ours.dateFormat);
  const separator = DECIMAL_SEPARATORS.find((one) => one === told.decimalSeparator);
  return {
    ...ours,
    date,
    dateFormat,
    amount,
    debit,
    credit,
    decimalSeparator: separator ?? ours.decimalSeparator,
    description: [...told.description],
    balance,
    currency,
    id,
  };
}
