import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Length, MaxLength, ValidateBy } from 'class-validator';
import {
  DATE_FORMATS,
  DECIMAL_SEPARATORS,
  LONGEST_CELL,
  MOST_SAMPLE_COLUMNS,
  MOST_SAMPLE_ROWS,
} from './columns.question.js';
import { DIRECTIONS, LONGEST_PAGE, MOST_PAGES } from './document.question.js';
import { LARGEST_PICTURE } from './picture.js';
import { CONFIDENCES, PARTS, POSITION_KINDS } from './screenshot.question.js';

/** Base64 makes four characters of three bytes. */
const LONGEST_BASE64 = Math.ceil(LARGEST_PICTURE / 3) * 4;

export class ReadScreenshot {
  @ApiProperty({
    type: String,
    format: 'byte',
    maxLength: LONGEST_BASE64,
    description: 'PNG, JPEG or WebP in base64. It is shown to the model and kept nowhere.',
  })
  @IsString()
  @Length(1, LONGEST_BASE64)
  picture!: string;
}

export class ReadDocument {
  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: MOST_PAGES,
    description: `The text of each page, at most ${LONGEST_PAGE} characters.`,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_PAGES)
  @IsString({ each: true })
  @MaxLength(LONGEST_PAGE, { each: true })
  pages!: string[];
}

const IsRowsOfCells = (): PropertyDecorator =>
  ValidateBy({
    name: 'isRowsOfCells',
    validator: {
      validate: (value: unknown) => Array.isArray(value) && value.every(isRowOfCells),
      defaultMessage: () =>
        `must be rows of at most ${MOST_SAMPLE_COLUMNS} texts of at most ${LONGEST_CELL} characters`,
    },
  });

const isRowOfCells = (row: unknown): boolean =>
  Array.isArray(row) &&
  row.length <= MOST_SAMPLE_COLUMNS &&
  row.every((cell) => typeof cell === 'string' && cell.length <= LONGEST_CELL);

export class SuggestColumns {
  @ApiProperty({ type: [String], maxItems: MOST_SAMPLE_COLUMNS, example: ['Buchungstag', 'Umsatz'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_SAMPLE_COLUMNS)
  @IsString({ each: true })
  @MaxLength(LONGEST_CELL, { each: true })
  heading!: string[];

  @ApiProperty({ type: 'array', items: { type: 'array', items: { type: 'string' } }, maxItems: MOST_SAMPLE_ROWS })
  @IsArray()
  @ArrayMaxSize(MOST_SAMPLE_ROWS)
  @IsRowsOfCells()
  rows!: string[][];
}

const written = { type: String, nullable: true, maxLength: 40, description: 'As it is written.' } as const;
const code = { type: String, nullable: true, example: 'EUR' } as const;
const column = { type: 'integer', nullable: true, description: 'Counted from 0.' } as const;

export class AiUsage {
  @ApiProperty({ type: 'integer', nullable: true }) inputTokens!: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) outputTokens!: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'US dollars; null where no price is set.' })
  dollars!: string | null;
}

export class AiPosition {
  @ApiProperty({ type: String, maxLength: 80 }) name!: string;
  @ApiProperty({ type: String, nullable: true, maxLength: 20 }) symbol!: string | null;
  @ApiProperty({ enum: POSITION_KINDS, enumName: 'AssetKind', nullable: true })
  kind!: (typeof POSITION_KINDS)[number] | null;
  @ApiProperty(written) quantity!: string | null;
  @ApiProperty({ ...written, description: 'Of one; as it is written.' }) price!: string | null;
  @ApiProperty({ ...written, description: 'Of all, in money; as it is written.' }) value!: string | null;
  @ApiProperty(code) currency!: string | null;
  @ApiProperty({ enum: PARTS, isArray: true, description: 'What is there and could not be read.' })
  unreadable!: (typeof PARTS)[number][];
  @ApiProperty({ enum: CONFIDENCES }) confidence!: (typeof CONFIDENCES)[number];
}

export class AiScreenshot {
  @ApiProperty({ type: [AiPosition] }) positions!: AiPosition[];
  @ApiProperty({ type: [String], description: 'What else there is to know, in sentences of this data-provider.' })
  problems!: string[];
}
export class ScreenshotAnswer extends AiScreenshot {
  @ApiProperty({ type: AiUsage }) usage!: AiUsage;
}

export class AiRow {
  @ApiProperty({ type: 'integer', description: 'Counted from 1.' }) page!: number;
  @ApiProperty({ type: String, format: 'date', nullable: true }) day!: string | null;
  @ApiProperty({ type: String, maxLength: 200 }) description!: string;
  @ApiProperty(written) amount!: string | null;
  @ApiProperty({ enum: DIRECTIONS, nullable: true }) direction!: (typeof DIRECTIONS)[number] | null;
  @ApiProperty(code) currency!: string | null;
  @ApiProperty({ ...written, description: 'The running balance after it; as it is written.' }) balance!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why this row cannot be taken.' }) problem!: string | null;
}
export class AiClosing {
  @ApiProperty({ type: String, description: 'As it is written.' }) balance!: string;
  @ApiProperty({ type: String, format: 'date' }) day!: string;
}
export class AiDocument {
  @ApiProperty({ type: [AiRow] }) rows!: AiRow[];
  @ApiProperty({ type: AiClosing, nullable: true }) closing!: AiClosing | null;
  @ApiProperty({ ...code, description: 'Of the account.' }) currency!: string | null;
  @ApiProperty({ type: [String] }) problems!: string[];
}
export class DocumentAnswer extends AiDocument {
  @ApiProperty({ type: AiUsage }) usage!: AiUsage;
}

/** Which column holds what; either `amount` or one or both of `debit` and `credit` are there. */
export class AiColumns {
  @ApiProperty({ type: 'integer' }) date!: number;
  @ApiProperty({ enum: DATE_FORMATS, nullable: true }) dateFormat!: (typeof DATE_FORMATS)[number] | null;
  @ApiProperty(column) amount!: number | null;
  @ApiProperty(column) debit!: number | null;
  @ApiProperty(column) credit!: number | null;
  @ApiProperty({ enum: DECIMAL_SEPARATORS, nullable: true })
  decimalSeparator!: (typeof DECIMAL_SEPARATORS)[number] | null;
  @ApiProperty({ type: [Number] }) description!: number[];
  @ApiProperty(column) balance!: number | null;
  @ApiProperty(column) currency!: number | null;
  @ApiProperty(column) id!: number | null;
}
export class ColumnsAnswer {
  @ApiProperty({ type: AiColumns, nullable: true, description: 'Null where no date or no amount was found.' })
  columns!: AiColumns | null;
  @ApiProperty({ type: AiUsage }) usage!: AiUsage;
}
