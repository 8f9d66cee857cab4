import { Injectable } from '@nestjs/common';
import {
  balanceFrom,
  type Coverage,
  type ExplainedBalance,
  figureOf,
  QUANTITY_DECIMALS,
  type Rate,
  VALUE_DECIMALS,
  type Valued,
  valuedAt,
} from '@scani/domain';
import { AnchorQueries, type HoldingAnchors, type HoldingRow, LedgerQueries } from '@scani/ledger';
import { MomentRatesQueries } from '@scani/market';
import { day, dayOf, decimalText, endOf, fixedOf, fixedText } from '@scani/money';
import { Invalid, pageOf, readCursor } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { shownFigure } from '../figure.dto.js';
import { type Base, countsIn, isWithin, reasonOf, ValuationQueries } from '../valuation.queries.js';
import type {
  BalanceExplanation,
  CoverageExplanation,
  ExplainValueQuery,
  ValueExplanation,
  ValuePart,
} from './explain-value.dto.js';
import { shownPrice, symbolsOf } from './shown-price.js';

/** One holding at the instant, worked out. */
interface Part {
  holding: HoldingRow;
  anchors: HoldingAnchors;
  balance: ExplainedBalance;
  rate: Rate | undefined;
  valued: Valued;
}

interface Moment {
  at: Date;
  /** From where it is looked at. */
  now: Date;
  knownAt: Date | null;
}

/** Takes a value apart: balances and what was seen, prices and the way to the base, what was left out and why. */
@Injectable()
export class ExplainValue {
  constructor(
    private readonly source: DataSource,
    private readonly valuations: ValuationQueries,
    private readonly ledger: LedgerQueries,
    private readonly anchors: AnchorQueries,
    private readonly rates: MomentRatesQueries,
  ) {}

  async of(userId: string, query: ExplainValueQuery): Promise<ValueExplanation> {
    const base = await this.valuations.base(this.source, userId, query.base);
    const moment = momentOf(query);
    const held = await this.ledger.holdings(this.source, userId);
    const within = await this.within(userId, held, query);
    const parts = await this.parts(userId, within, base, moment);
    const counted = parts.filter(({ holding }) => countsIn(holding, query.scope));
    const figure = figureOf(counted.map((part) => part.valued));
    const symbols = await symbolsOf(
      this.source,
      parts.map((part) => part.rate),
    );
    const shown = parts.map((part) => shownPart(part, moment.at, symbols)).sort(largestFirst);
    const start = query.cursor === undefined ? 0 : after(shown, readCursor(query.cursor, 1)?.[0]);
    return {
      base: base.code,
      scope: query.scope,
      at: moment.at.toISOString(),
      knownAt: moment.knownAt?.toISOString() ?? null,
      figure: shownFigure(figure, base.code),
      coverage: coverageOf(counted, figure.coverage),
      excluded: parts.length - counted.length,
      parts: pageOf(
        shown.slice(start, start + query.limit + 1),
        query.limit,
        (part) => part,
        (part) => [part.holdingId],
      ),
    };
  }

  private async within(userId: string, held: readonly HoldingRow[], query: ExplainValueQuery): Promise<HoldingRow[]> {
    const id = await this.valuations.requireScope(this.source, userId, query.scope, query.id);
    return held.filter((holding) => isWithin(holding, query.scope, id));
  }

  private async parts(
    userId: string,
    held: readonly HoldingRow[],
    base: Base,
    { at, now, knownAt }: Moment,
  ): Promise<Part[]> {
    const ids = held.map((holding) => holding.id);
    const anchors = await this.anchors.at(this.source, userId, at, knownAt, ids);
    const assetIds = [...held.map((holding) => holding.asset.id), base.assetId];
    const { graph, quoted } = await this.rates.at(this.source, userId, assetIds, at, knownAt);
    return held.flatMap((holding) => {
      const known = anchors.get(holding.id);
      if (!known) return [];
      const balance = balanceFrom(known, at.getTime());
      const rate = graph.rate(holding.asset.id, base.assetId, at.getTime(), now.getTime());
      const isUnpriceable = !holding.asset.priced && !quoted.has(holding.asset.id);
      const quantity = fixedOf(decimalText(balance.quantity), QUANTITY_DECIMALS);
      const valued = valuedAt({ ...balance, quantity }, rate, isUnpriceable);
      return [{ holding, anchors: known, balance, rate, valued }];
    });
  }
}

function momentOf({ on, knownAt: asked }: ExplainValueQuery): Moment {
  const clock = new Date();
  const knownAt = asked === undefined ? null : new Date(asked);
  if (knownAt && knownAt > clock) {
    throw new Invalid('known-in-future', 'What will be known later is not known yet.', [
      { pointer: '/knownAt', detail: 'must not be later than now' },
    ]);
  }
  const now = knownAt ?? clock;
  if (on === undefined) return { at: now, now, knownAt };
  if (on > dayOf(now)) {
    throw new Invalid('day-in-future', 'A value is known up to today, or up to the day from which it is looked at.', [
      { pointer: '/on', detail: `must not be later than ${dayOf(now)}` },
    ]);
  }
  return { at: new Date(Math.min(endOf(day(on)).getTime(), now.getTime())), now, knownAt };
}

function coverageOf(parts: readonly Part[], coverage: Coverage): CoverageExplanation {
  const count = (which: (valued: Valued) => boolean): number => parts.filter(({ valued }) => which(valued)).length;
  const known = count((one) => one.amount !== null);
  const unpriceable = count((one) => one.unpriceable);
  const [stale, beforeRecords] = [count((one) => one.stale), count((one) => one.beforeRecords)];
  const share = `${known} of ${parts.length - unpriceable} holdings that can have a price have one`;
  const rules: Record<Coverage, string> = {
    full: `${share}: at least 95 % is full.`,
    partial: `${share}, at least 95 %, which is full; old prices or missing records lower it to partial.`,
    estimated: `${share}: at least 50 % and less than 95 % is estimated.`,
    unknown: `${share}: less than 50 % is unknown.`,
  };
  const rule = parts.length === 0 ? 'Nothing is held, and that is known.' : rules[coverage];
  return { holdings: parts.length, known, unpriceable, stale, beforeRecords, rule };
}

function shownPart(part: Part, at: Date, symbols: ReadonlyMap<string, string>): ValuePart {
  const { holding, valued, rate } = part;
  return {
    holdingId: holding.id,
    symbol: holding.asset.symbol,
    accountId: holding.account_id,
    accountName: holding.account.name,
    accountKind: holding.account.kind,
    institutionName: holding.account.institution_name,
    excluded: reasonOf(holding),
    balance: shownBalance(part),
    price: rate ? shownPrice(rate, at, symbols) : null,
    value: valued.amount === null ? null : fixedText(valued.amount, VALUE_DECIMALS),
    unpriceable: valued.unpriceable,
  };
}

function shownBalance({ balance, anchors }: Part): BalanceExplanation {
  const source = anchors.after ? anchors.afterSource : anchors.beforeSource;
  return {
    quantity: decimalText(balance.quantity),
    seen: balance.anchor
      ? {
          at: new Date(balance.anchor.at).toISOString(),
          balance: decimalText(balance.anchor.balance),
          source: source ?? '',
        }
      : null,
    walked: decimalText(balance.walked),
    drift: decimalText(balance.drift),
    beforeRecords: balance.beforeRecords,
    drifting: balance.drifting,
  };
}

function largestFirst(one: ValuePart, other: ValuePart): number {
  const sizeOf = ({ value }: ValuePart): bigint => {
    const units = fixedOf(value ?? '0', VALUE_DECIMALS);
    return units < 0n ? -units : units;
  };
  const left = Number(one.excluded !== null) - Number(other.excluded !== null);
  if (left !== 0) return left;
  const [first, second] = [sizeOf(one), sizeOf(other)];
  return first === second ? (one.holdingId < other.holdingId ? -1 : 1) : first > second ? -1 : 1;
}

/** The position behind the last part of the page before. */
const after = (parts: readonly ValuePart[], holdingId: string | undefined): number =>
  parts.findIndex((part) => part.holdingId === holdingId) + 1;
