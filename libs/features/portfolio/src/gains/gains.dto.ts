import {
  COST_BASIS_METHODS,
  type CostBasisMethod,
  LOT_RULES,
  type LotRule,
  TRANSACTION_KINDS,
  type TransactionKind,
} from '@scani/domain';
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
  IsDecimalText,
  PageQuery,
} from '@scani/runtime';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsUUID, Matches, Max, Min, ValidateNested } from 'class-validator';

const FIRST_YEAR = 1970;
const LAST_YEAR = 2200;

export class GainsQuery extends PageQuery {
  @ApiInteger({ required: false, description: 'This year when left out. By section 104 the tax year from 6 April on.' })
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' && /^\d{4}$/.test(value) ? Number(value) : value) as unknown)
  @IsInt({ message: 'must be a year like 2026' })
  @Min(FIRST_YEAR)
  @Max(LAST_YEAR)
  year?: number;
  @ApiText({ required: false, description: 'Currency of the figures; my own when left out.' })
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'must be the code of a currency, like EUR' })
  base?: string;
}

/** The sum of what is known. */
export class GainsFigure {
  @ApiDecimal({ nullable: true, description: 'Null: nothing of it is known.' }) amount!: string | null;
  @ApiInteger({ description: 'How many have a part that is not known, and is not in the amount.' }) unknown!: number;
}

/** What a cost is found again from: cost × quantity / this quantity. */
export class LotSource {
  @ApiDecimal() quantity!: string;
  @ApiDecimal({ nullable: true, description: 'In full. Of what was owed: what its opening fetched.' })
  cost!: string | null;
}

export class SoldLot {
  @ApiInstant({ nullable: true, description: 'Null: a pool, or not known.' }) acquiredAt!: string | null;
  @ApiId({ nullable: true, description: 'The transaction by which it came. Null: a pool, or not known.' })
  acquisitionId!: string | null;
  @ApiDecimal() quantity!: string;
  @ApiDecimal({ nullable: true }) proceeds!: string | null;
  @ApiDecimal({ nullable: true }) cost!: string | null;
  @ApiDecimal({ nullable: true }) gain!: string | null;
  @ApiWord('LotRule', LOT_RULES, {
    description: 'unmatched: more went than is known to have come. kept: the units stayed.',
  })
  rule!: LotRule;
  @ApiPart(() => LotSource, { description: 'The lot or pool, before these units were taken.' }) of!: LotSource;
}

export class Disposal {
  @ApiId({ description: 'The transaction.' }) id!: string;
  @ApiId() holdingId!: string;
  @ApiText() symbol!: string;
  @ApiText() accountName!: string;
  @ApiWord('TransactionKind', TRANSACTION_KINDS) kind!: TransactionKind;
  @ApiInstant() soldAt!: string;
  @ApiDecimal() quantity!: string;
  @ApiDecimal({ nullable: true, description: 'After the fee. Null: not known.' }) proceeds!: string | null;
  @ApiDecimal({ nullable: true, description: 'Null as soon as the cost of one part is not known.' })
  cost!: string | null;
  @ApiDecimal({ nullable: true }) gain!: string | null;
  @ApiFlag({ description: 'What was owed was closed: the lots are its openings.' }) short!: boolean;
  @ApiWord('CostBasisMethod', COST_BASIS_METHODS, { description: 'Of the account.' }) method!: CostBasisMethod;
  @ApiList(() => SoldLot) lots!: SoldLot[];
}

export class DisposalPage {
  @ApiList(() => Disposal) items!: Disposal[];
  @ApiText({ nullable: true }) nextCursor!: string | null;
}

export const GAINS_STATES = ['ready', 'building'] as const;

export class GainsReport {
  @ApiWord('GainsState', GAINS_STATES, {
    description: 'building: something changed, or nobody asked before; the figures follow, those here are of before.',
  })
  state!: (typeof GAINS_STATES)[number];
  @ApiText() base!: string;
  @ApiWord('CostBasisMethod', COST_BASIS_METHODS) method!: CostBasisMethod;
  @ApiInteger() year!: number;
  @ApiDay() from!: string;
  @ApiDay() to!: string;
  @ApiList(() => Number, { description: 'Years in which something was sold or earned, the newest first.' })
  years!: number[];
  @ApiPart(() => GainsFigure) realised!: GainsFigure;
  @ApiPart(() => GainsFigure) income!: GainsFigure;
  @ApiPart(() => DisposalPage) disposals!: DisposalPage;
}

export class HeldLot {
  @ApiInstant({ nullable: true, description: 'Null: a pool, or not known.' }) acquiredAt!: string | null;
  @ApiId({ nullable: true, description: 'The transaction by which it came. Null: a pool, or not known.' })
  acquisitionId!: string | null;
  @ApiDecimal() quantity!: string;
  @ApiDecimal({ nullable: true }) cost!: string | null;
}

export class HoldingBasis {
  @ApiWord('GainsState', GAINS_STATES) state!: (typeof GAINS_STATES)[number];
  @ApiText() base!: string;
  @ApiWord('CostBasisMethod', COST_BASIS_METHODS) method!: CostBasisMethod;
  @ApiFlag({ description: 'False for currencies: they have no lots.' }) hasLots!: boolean;
  @ApiFlag({ description: 'What is owed: lots are its openings, and the cost is what they fetched.' }) short!: boolean;
  @ApiInteger({ description: 'How many holdings share these lots: all of the asset by section 104, else one.' })
  pooledHoldings!: number;
  @ApiDecimal() quantity!: string;
  @ApiDecimal({ nullable: true, description: 'Of the part whose cost is known; null when none is.' })
  cost!: string | null;
  @ApiDecimal({ nullable: true, description: 'Of the part whose cost is known; null without that or without a price.' })
  unrealised!: string | null;
  @ApiDecimal({ description: 'The part whose cost is not known.' }) unknownQuantity!: string;
  @ApiList(() => HeldLot) lots!: HeldLot[];
}

export class ChoosableLot {
  @ApiId({ description: 'The transaction by which it came.' }) acquisitionId!: string;
  @ApiInstant({ nullable: true }) acquiredAt!: string | null;
  @ApiDecimal({ description: 'What of it was there just before.' }) quantity!: string;
  @ApiDecimal({ nullable: true }) cost!: string | null;
  @ApiDecimal({ description: 'How much of it was chosen; zero when nothing was.' }) chosen!: string;
}

/** The lots that were there when something was sold, and which of them were chosen. */
export class LotsOfDisposal {
  @ApiId({ description: 'The transaction.' }) id!: string;
  @ApiText() symbol!: string;
  @ApiText() accountName!: string;
  @ApiInstant() at!: string;
  @ApiDecimal({ description: 'What was sold.' }) quantity!: string;
  @ApiText() base!: string;
  @ApiWord('CostBasisMethod', COST_BASIS_METHODS, { description: 'Of the account. Lots are chosen by `specific`.' })
  method!: CostBasisMethod;
  @ApiList(() => ChoosableLot) lots!: ChoosableLot[];
}

export class ChosenLot {
  @ApiId() @IsUUID() acquisitionId!: string;
  @ApiDecimal() @IsDecimalText({ above: 'zero' }) quantity!: string;
}

const MOST_CHOSEN = 1000;

export class ChooseLots {
  @ApiList(() => ChosenLot, { description: 'Replaces what was chosen before; none: the oldest are taken.' })
  @IsArray()
  @ArrayMaxSize(MOST_CHOSEN)
  @ValidateNested({ each: true })
  @Type(() => ChosenLot)
  chosen!: ChosenLot[];
}
