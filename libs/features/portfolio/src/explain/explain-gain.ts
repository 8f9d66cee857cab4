import { Injectable } from '@nestjs/common';
import { rowsOf } from '@scani/database';
import { COST_DECIMALS, type PriceGraph, type Rate, RATE_DECIMALS, type TransactionKind } from '@scani/domain';
import { RateQueries } from '@scani/market';
import { dayOf, divided, endOf, fixedOf, fixedText, powerOfTen } from '@scani/money';
import { NotFound } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { AT_MARKET } from '../gains/gains.ledger.js';
import { type DisposalRow, GainsQueries } from '../gains/gains.queries.js';
import { shownText } from '../gains/gains.words.js';
import { type Base, ValuationQueries } from '../valuation.queries.js';
import type { GainExplanation, PaidAmount, TradeExplanation } from './explain-gain.dto.js';
import { shownPrice, symbolsOf } from './shown-price.js';

interface TradeRow {
  id: string;
  holding_id: string;
  asset_id: string;
  symbol: string;
  account_name: string;
  kind: TransactionKind;
  quantity: string;
  occurred_at: Date;
  price: string | null;
  price_asset_id: string | null;
  price_currency: string | null;
  fee: string | null;
  fee_asset_id: string | null;
  fee_currency: string | null;
}

const ONE_RATE = powerOfTen(RATE_DECIMALS);

/** Takes a realised gain apart: the sale, every lot and how it came, and the prices of their days. */
@Injectable()
export class ExplainGain {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly gains: GainsQueries,
    private readonly rates: RateQueries,
  ) {}

  async of(userId: string, transactionId: string, asked: string | undefined): Promise<GainExplanation> {
    const base = await this.valuations.base(this.source, userId, asked);
    const row = await this.gains.disposal(this.source, userId, base.code, transactionId);
    if (!row) {
      throw new NotFound(
        'gain-not-found',
        'No gain of this transaction is known. Gains in this currency may not be worked out yet.',
      );
    }
    const trades = await this.trades(userId, row);
    const assetIds = new Set([base.assetId, ...trades.flatMap(assetsOf)]);
    const prices = await this.rates.history(this.source, userId, [...assetIds]);
    const rateOn = ratesOfDays(prices, base);
    const symbols = await symbolsOf(
      this.source,
      trades.flatMap((one) => assetsOf(one).map((assetId) => rateOn(assetId, one.occurred_at).rate)),
    );
    const explained = new Map(trades.map((one) => [one.id, tradeOf(one, rateOn, symbols)]));
    return explanationOf(row, base, explained);
  }

  private trades(userId: string, row: DisposalRow): Promise<TradeRow[]> {
    return rowsOf<TradeRow>(
      this.source,
      `select transaction.id, transaction.holding_id, holding.asset_id, asset.symbol, account.name as account_name,
         transaction.kind, transaction.quantity, transaction.occurred_at, transaction.price, transaction.price_asset_id,
         price_asset.symbol as price_currency, transaction.fee, transaction.fee_asset_id, fee_asset.symbol as fee_currency
       from transaction
       join holding on holding.id = transaction.holding_id
       join asset on asset.id = holding.asset_id
       join account on account.id = holding.account_id
       left join asset as price_asset on price_asset.id = transaction.price_asset_id
       left join asset as fee_asset on fee_asset.id = transaction.fee_asset_id
       where transaction.user_id = $1 and transaction.id = any($2)`,
      [userId, [row.id, ...row.lots.flatMap((lot) => lot.acquisitionId ?? [])]],
    );
  }
}

function explanationOf(row: DisposalRow, base: Base, trades: ReadonlyMap<string, TradeExplanation>): GainExplanation {
  const disposal = trades.get(row.id) as TradeExplanation;
  return {
    base: base.code,
    method: row.method,
    short: row.short,
    disposal,
    quantity: row.quantity,
    proceeds: shownText(row.proceeds),
    cost: shownText(row.cost),
    gain: shownText(row.gain),
    lots: row.lots.map(({ acquisitionId, rule, acquiredAt, quantity, of, cost, proceeds, gain }) => ({
      rule,
      acquiredAt,
      quantity,
      of,
      cost,
      proceeds,
      gain,
      acquisition: (acquisitionId === null ? undefined : trades.get(acquisitionId)) ?? null,
    })),
    reasons: reasonsOf(row, disposal),
  };
}

function reasonsOf(row: DisposalRow, disposal: TradeExplanation): string[] {
  const unmatched = row.lots.filter((lot) => lot.rule === 'unmatched').length;
  const costless = row.lots.filter((lot) => lot.rule !== 'unmatched' && lot.of.cost === null).length;
  return [
    ...(row.proceeds === null && disposal.price === null
      ? ['No price came with it, and a sale is never guessed.']
      : []),
    ...(disposal.price?.inBase === null
      ? [`${disposal.price.currency} had no price in this currency on the day.`]
      : []),
    ...(disposal.fee?.inBase === null ? [`What the fee in ${disposal.fee.currency} was worth is not known.`] : []),
    ...(unmatched > 0 ? ['More went than is known to have come; of that part nobody knows the cost.'] : []),
    ...(costless > 0 ? ['Units of it came without a price; their cost is not known.'] : []),
  ];
}

const assetsOf = (row: TradeRow): string[] =>
  [row.asset_id, row.price_asset_id, row.fee_asset_id].filter((id) => id !== null);

function tradeOf(row: TradeRow, rateOn: RateOn, symbols: ReadonlyMap<string, string>): TradeExplanation {
  const paid = (value: string, assetId: string, currency: string): PaidAmount => {
    const { at, rate } = rateOn(assetId, row.occurred_at);
    return {
      value,
      currency,
      rate: rate ? shownPrice(rate, at, symbols) : null,
      inBase: rate ? fixedText(divided(fixedOf(value, COST_DECIMALS) * rate.units, ONE_RATE), COST_DECIMALS) : null,
    };
  };
  const atMarket = row.price === null && AT_MARKET.has(row.kind);
  return {
    id: row.id,
    holdingId: row.holding_id,
    symbol: row.symbol,
    accountName: row.account_name,
    kind: row.kind,
    at: row.occurred_at.toISOString(),
    quantity: row.quantity,
    price:
      row.price !== null && row.price_asset_id !== null && row.price_currency !== null
        ? paid(row.price, row.price_asset_id, row.price_currency)
        : atMarket
          ? paid('1', row.asset_id, row.symbol)
          : null,
    atMarket,
    fee:
      row.fee !== null && row.fee_asset_id !== null && row.fee_currency !== null
        ? paid(row.fee, row.fee_asset_id, row.fee_currency)
        : null,
  };
}

type RateOn = (assetId: string, on: Date) => { at: Date; rate: Rate | undefined };

/** As the gains are valued: at the end of the day, and a price that was old by then says little of it. */
function ratesOfDays(prices: PriceGraph, base: Base): RateOn {
  const now = Date.now();
  return (assetId, on) => {
    const at = new Date(Math.min(endOf(dayOf(on)).getTime(), now));
    const rate = prices.rate(assetId, base.assetId, at.getTime(), now);
    return { at, rate: rate && !rate.stale ? rate : undefined };
  };
}
