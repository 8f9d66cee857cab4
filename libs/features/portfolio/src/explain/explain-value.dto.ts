import { ACCOUNT_KINDS } from '@scani/ledger';
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
  PageQuery,
} from '@scani/runtime';
import { IsIn, IsISO8601, IsOptional, IsUUID, Matches } from 'class-validator';
import { Figure } from '../figure.dto.js';
import { SCOPES } from '../overview/overview.dto.js';

export class ExplainValueQuery extends PageQuery {
  @ApiWord('Scope', SCOPES) @IsIn(SCOPES) scope!: (typeof SCOPES)[number];
  @ApiId({ required: false, description: 'Of the institution, account or holding.' })
  @IsOptional()
  @IsUUID()
  id?: string;
  @ApiDay({ required: false, description: 'The end of this day; now, when left out.' })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'must be a day like 2026-03-01' })
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'must be a day like 2026-03-01' })
  on?: string;
  @ApiInstant({
    required: false,
    description: 'With what was known at this instant: "what did we say then?" What is known now, when left out.',
  })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'must be an instant like 2026-05-01T12:00:00Z' })
  knownAt?: string;
  @ApiText({ required: false, description: 'Currency of the figures; my own when left out.' })
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'must be the code of a currency, like EUR' })
  base?: string;
}

/** A balance that somebody saw. */
export class SeenBalance {
  @ApiInstant() at!: string;
  @ApiDecimal() balance!: string;
  @ApiText() source!: string;
}

export class BalanceExplanation {
  @ApiDecimal({ description: 'seen.balance + walked + drift; in an asset account not below zero.' }) quantity!: string;
  @ApiPart(() => SeenBalance, {
    nullable: true,
    description: 'Null: no balance was ever seen; it is the sum of the rows.',
  })
  seen!: SeenBalance | null;
  @ApiDecimal({ description: 'Transactions between that and this instant; with the other sign where it is later.' })
  walked!: string;
  @ApiDecimal({ description: 'What no transaction explains, and belongs to the time after this instant.' })
  drift!: string;
  @ApiFlag({ description: 'Earlier than anything that was recorded.' }) beforeRecords!: boolean;
  @ApiFlag() drifting!: boolean;
}

/** One quote on the way to the base currency. */
export class PriceLeg {
  @ApiText() from!: string;
  @ApiText() to!: string;
  @ApiDecimal({ description: 'One unit of `from` in `to`, with 36 decimals.' }) value!: string;
  @ApiFlag({ description: 'The quote was found the other way round.' }) inverted!: boolean;
  @ApiFlag({ description: 'A close of a day, no glimpse within it.' }) close!: boolean;
  @ApiInstant() at!: string;
  @ApiInteger({ description: 'Seconds between the quote and the instant of the figure.' }) age!: number;
  @ApiText() source!: string;
}

export class PriceExplanation {
  @ApiDecimal({ description: 'The legs multiplied, each step rounded half to even at 36 decimals.' }) rate!: string;
  @ApiInstant({ description: 'The oldest leg.' }) effectiveAt!: string;
  @ApiFlag() stale!: boolean;
  @ApiList(() => PriceLeg, { description: 'None: it is the base currency itself.' }) legs!: PriceLeg[];
}

const EXCLUSIONS = ['hidden', 'archived', 'scam'] as const;

export class ValuePart {
  @ApiId() holdingId!: string;
  @ApiText() symbol!: string;
  @ApiId() accountId!: string;
  @ApiText() accountName!: string;
  @ApiWord('AccountKind', ACCOUNT_KINDS) accountKind!: (typeof ACCOUNT_KINDS)[number];
  @ApiText() institutionName!: string;
  @ApiWord('Exclusion', EXCLUSIONS, { nullable: true, description: 'Why it is no part of the total.' })
  excluded!: (typeof EXCLUSIONS)[number] | null;
  @ApiPart(() => BalanceExplanation) balance!: BalanceExplanation;
  @ApiPart(() => PriceExplanation, { nullable: true }) price!: PriceExplanation | null;
  @ApiDecimal({ nullable: true, description: 'Quantity × rate, half to even at 8 decimals. Null: there is no price.' })
  value!: string | null;
  @ApiFlag({ description: 'Nobody offers prices for it, so it does not count against coverage.' })
  unpriceable!: boolean;
}
export class ValuePartPage {
  @ApiList(() => ValuePart) items!: ValuePart[];
  @ApiText({ nullable: true }) nextCursor!: string | null;
}

export class CoverageExplanation {
  @ApiInteger() holdings!: number;
  @ApiInteger({ description: 'With a price, or empty.' }) known!: number;
  @ApiInteger() unpriceable!: number;
  @ApiInteger() stale!: number;
  @ApiInteger() beforeRecords!: number;
  @ApiText({ description: 'How that makes the coverage.' }) rule!: string;
}

/** A value with everything that it is made of: enough to work it out again. */
export class ValueExplanation {
  @ApiText() base!: string;
  @ApiWord('Scope', SCOPES) scope!: (typeof SCOPES)[number];
  @ApiInstant({ description: 'The instant of the figure: the end of the day, or now.' }) at!: string;
  @ApiInstant({ nullable: true }) knownAt!: string | null;
  @ApiPart(() => Figure) figure!: Figure;
  @ApiPart(() => CoverageExplanation) coverage!: CoverageExplanation;
  @ApiInteger({ description: 'Holdings that are no part of the total; they come last.' }) excluded!: number;
  @ApiPart(() => ValuePartPage, { description: 'The largest first.' }) parts!: ValuePartPage;
}
