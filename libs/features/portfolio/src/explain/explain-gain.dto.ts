import {
  COST_BASIS_METHODS,
  type CostBasisMethod,
  LOT_RULES,
  type LotRule,
  TRANSACTION_KINDS,
  type TransactionKind,
} from '@scani/domain';
import { ApiDecimal, ApiFlag, ApiId, ApiInstant, ApiList, ApiPart, ApiText, ApiWord } from '@scani/runtime';
import { PriceExplanation } from './explain-value.dto.js';

/** An amount as it was paid, and what that was in the base on the day. */
export class PaidAmount {
  @ApiDecimal() value!: string;
  @ApiText() currency!: string;
  @ApiPart(() => PriceExplanation, {
    nullable: true,
    description: 'Null: the currency had no price on that day, or an old one.',
  })
  rate!: PriceExplanation | null;
  @ApiDecimal({ nullable: true, description: 'Value × rate, half to even at 36 decimals.' }) inBase!: string | null;
}

/** A transaction as gains see it. */
export class TradeExplanation {
  @ApiId() id!: string;
  @ApiId() holdingId!: string;
  @ApiText() symbol!: string;
  @ApiText() accountName!: string;
  @ApiWord('TransactionKind', TRANSACTION_KINDS) kind!: TransactionKind;
  @ApiInstant() at!: string;
  @ApiDecimal({ description: 'Signed.' }) quantity!: string;
  @ApiPart(() => PaidAmount, { nullable: true, description: 'For one unit. Null: not known.' })
  price!: PaidAmount | null;
  @ApiFlag({ description: 'No price came with it; it is what the market said on the day.' }) atMarket!: boolean;
  @ApiPart(() => PaidAmount, { nullable: true }) fee!: PaidAmount | null;
}

/** What units were taken from, before they were taken. */
export class LotBefore {
  @ApiDecimal() quantity!: string;
  @ApiDecimal({ nullable: true }) cost!: string | null;
}

export class LotExplanation {
  @ApiWord('LotRule', LOT_RULES) rule!: LotRule;
  @ApiInstant({ nullable: true, description: 'Null: a pool, or not known.' }) acquiredAt!: string | null;
  @ApiDecimal() quantity!: string;
  @ApiPart(() => LotBefore, { description: 'The lot or pool: the cost is of.cost × quantity ÷ of.quantity.' })
  of!: LotBefore;
  @ApiDecimal({ nullable: true }) cost!: string | null;
  @ApiDecimal({ nullable: true }) proceeds!: string | null;
  @ApiDecimal({ nullable: true }) gain!: string | null;
  @ApiPart(() => TradeExplanation, { nullable: true, description: 'How the units came; null for a pool.' })
  acquisition!: TradeExplanation | null;
}

/** A realised gain with everything that it is made of. */
export class GainExplanation {
  @ApiText() base!: string;
  @ApiWord('CostBasisMethod', COST_BASIS_METHODS) method!: CostBasisMethod;
  @ApiFlag({ description: 'What was owed is closed: lots are what was opened, and the cost is what closing cost.' })
  short!: boolean;
  @ApiPart(() => TradeExplanation) disposal!: TradeExplanation;
  @ApiDecimal() quantity!: string;
  @ApiDecimal({ nullable: true, description: 'Quantity × price, less the fee.' }) proceeds!: string | null;
  @ApiDecimal({ nullable: true, description: 'The costs of the lots.' }) cost!: string | null;
  @ApiDecimal({ nullable: true, description: 'Proceeds less cost, half to even at 8 decimals.' }) gain!: string | null;
  @ApiList(() => LotExplanation) lots!: LotExplanation[];
  @ApiList(() => String, { description: 'What is not known, in sentences.' }) reasons!: string[];
}
