import { TRANSACTION_KINDS, type TransactionKind } from '@scani/domain';
import {
  ApiDay,
  ApiDecimal,
  ApiFlag,
  ApiId,
  ApiInstant,
  ApiInteger,
  ApiList,
  ApiPart,
  ApiText,
  ApiWord,
  PageOf,
  PageQuery,
} from '@scani/runtime';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsISO8601,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import {
  type DateFormat,
  DATE_FORMATS,
  DECIMAL_SEPARATORS,
  type DecimalSeparator,
  type Delimiter,
  DELIMITERS,
  MOST_COLUMNS,
} from '../formats/mapping.js';
import { IMPORT_FORMATS, type ImportFormat } from '../formats/statement.js';

export const IMPORT_STATES = [
  'waiting',
  'reading',
  'needs-mapping',
  'to-review',
  'recording',
  'recorded',
  'failed',
  'discarded',
  'undoing',
  'undone',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];
export const ROW_STATES = ['new', 'known', 'problem'] as const;
export type RowState = (typeof ROW_STATES)[number];

const Column = (): PropertyDecorator => (target, name) => {
  for (const rule of [IsInt(), Min(0), Max(MOST_COLUMNS - 1)]) rule(target, name);
};
const NullableColumn = (): PropertyDecorator => (target, name) => {
  ValidateIf((_, value) => value !== null)(target, name as string);
  Column()(target, name);
};

/** Which column says what. Columns are counted from 0. The amount is in one signed column, or in one or two of debit and credit. */
export class Mapping {
  @ApiWord('Delimiter', DELIMITERS) @IsIn(DELIMITERS) delimiter!: Delimiter;
  @ApiInteger({ nullable: true, description: 'Counted from 1; the lines up to it are no rows.' })
  @ValidateIf((_, value) => value !== null)
  @IsInt()
  @Min(1)
  headerLine!: number | null;
  @ApiInteger() @Column() date!: number;
  @ApiWord('DateFormat', DATE_FORMATS) @IsIn(DATE_FORMATS) dateFormat!: DateFormat;
  @ApiInteger({ nullable: true }) @NullableColumn() amount!: number | null;
  @ApiInteger({ nullable: true }) @NullableColumn() debit!: number | null;
  @ApiInteger({ nullable: true }) @NullableColumn() credit!: number | null;
  @ApiWord('DecimalSeparator', DECIMAL_SEPARATORS) @IsIn(DECIMAL_SEPARATORS) decimalSeparator!: DecimalSeparator;
  @ApiList(() => Number)
  @IsArray()
  @ArrayMaxSize(MOST_COLUMNS)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(MOST_COLUMNS - 1, { each: true })
  description!: number[];
  @ApiInteger({ nullable: true }) @NullableColumn() balance!: number | null;
  @ApiInteger({ nullable: true }) @NullableColumn() currency!: number | null;
  @ApiInteger({ nullable: true }) @NullableColumn() id!: number | null;
}

export class SampleColumn {
  @ApiInteger() index!: number;
  @ApiText() name!: string;
}
export class Sample {
  @ApiList(() => SampleColumn) columns!: SampleColumn[];
  @ApiList(() => [String]) lines!: string[][];
  @ApiPart(() => Mapping) suggestion!: Mapping;
}

export class ImportAccount {
  @ApiId() id!: string;
  @ApiText() name!: string;
  @ApiText() currency!: string;
}
export class ImportCounts {
  @ApiInteger() rows!: number;
  @ApiInteger() new!: number;
  @ApiInteger() known!: number;
  @ApiInteger() problems!: number;
  @ApiInteger() recorded!: number;
}
export class Period {
  @ApiDay() from!: string;
  @ApiDay() to!: string;
}
export class Progress {
  @ApiInteger() done!: number;
  @ApiInteger({ nullable: true }) total!: number | null;
  @ApiText() unit!: string;
  @ApiText({ nullable: true }) message!: string | null;
}
export class Failure {
  @ApiText() code!: string;
  @ApiText() detail!: string;
}

/** A statement on its way into the ledger. */
export class Import {
  @ApiId() id!: string;
  @ApiPart(() => ImportAccount) account!: ImportAccount;
  @ApiText() fileName!: string;
  @ApiWord('ImportFormat', IMPORT_FORMATS, { nullable: true }) format!: ImportFormat | null;
  @ApiFlag() keepsOriginal!: boolean;
  @ApiWord('ImportState', IMPORT_STATES) state!: ImportState;
  @ApiId({ nullable: true }) jobId!: string | null;
  @ApiPart(() => Progress, { nullable: true }) progress!: Progress | null;
  @ApiPart(() => ImportCounts) counts!: ImportCounts;
  @ApiPart(() => Period, { nullable: true }) period!: Period | null;
  @ApiPart(() => Mapping, { nullable: true }) mapping!: Mapping | null;
  @ApiPart(() => Sample, { nullable: true }) sample!: Sample | null;
  @ApiInstant({ nullable: true, description: 'Of a picture: when what it shows was so.' }) seenAt!: string | null;
  @ApiList(() => String, { description: 'What else there is to know about what was read.' }) notes!: string[];
  @ApiFlag({ description: 'Its owner agreed that it is read by AI.' }) readByAi!: boolean;
  @ApiPart(() => Failure, { nullable: true }) error!: Failure | null;
  @ApiInstant() createdAt!: string;
}
export class ImportPage extends PageOf(Import) {}

export class CreateImport {
  @ApiId() @IsUUID() accountId!: string;
  @ApiId() @IsUUID() uploadId!: string;
  @ApiFlag({
    required: false,
    description:
      'The owner agrees that the picture, or the text of the PDF, is sent to the data-provider and its model.',
  })
  @IsOptional()
  @IsBoolean()
  readByAi?: boolean;
  @ApiInstant({ required: false, description: 'Of a picture: when what it shows was so; else now.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  seenAt?: string;
}

/** One row of a statement, as it was read. */
export class ImportRow {
  @ApiInteger() line!: number;
  @ApiWord('ImportRowState', ROW_STATES) state!: RowState;
  @ApiInstant({ nullable: true }) occurredAt!: string | null;
  @ApiWord('TransactionKind', TRANSACTION_KINDS, { nullable: true }) kind!: TransactionKind | null;
  @ApiDecimal({ nullable: true, description: 'Signed.' }) quantity!: string | null;
  @ApiText({ nullable: true }) currency!: string | null;
  @ApiText({ nullable: true }) description!: string | null;
  @ApiDecimal({ nullable: true, description: 'As the file says it.' }) balance!: string | null;
  @ApiText({ nullable: true, description: 'What is wrong with it, or what could not be decided.' })
  problem!: string | null;
}
export class ImportRowPage extends PageOf(ImportRow) {}

export class ImportRowQuery extends PageQuery {
  @ApiWord('ImportRowState', ROW_STATES, { required: false })
  @IsOptional()
  @IsIn(ROW_STATES)
  state?: RowState;
}

export class MappingProblem {
  @ApiInteger() line!: number;
  @ApiText({ nullable: true }) column!: string | null;
  @ApiText() detail!: string;
}
export class MappingPreview {
  @ApiList(() => ImportRow) rows!: ImportRow[];
  @ApiList(() => MappingProblem) problems!: MappingProblem[];
}
