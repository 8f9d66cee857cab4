import type { CorporateActionKind } from '@scani/domain';
import { QUANTITY_DECIMALS } from '@scani/domain';
import { Decimal, ONE, ZERO } from '@scani/money';
import { Invalid } from '@scani/runtime';
import type { TransactionDraft } from '../ledger.service.js';

/** A corporate action with everything looked up that it names. */
export interface ActionPlan {
  id: string;
  kind: CorporateActionKind;
  occurredAt: Date;
  assetId: string;
  /** Signed: what is owed is below zero. */
  held: Decimal;
  ratio: { new: Decimal; old: Decimal } | undefined;
  otherAssetId: string | undefined;
  costShare: Decimal | undefined;
  cash: { value: Decimal; assetId: string } | undefined;
  description: string | undefined;
}

const needs: Record<CorporateActionKind, { ratio: boolean; other: boolean }> = {
  split: { ratio: true, other: false },
  'spin-off': { ratio: true, other: true },
  merger: { ratio: true, other: true },
  'symbol-change': { ratio: false, other: true },
  'return-of-capital': { ratio: false, other: false },
};

/** Refuses a plan that lacks what its kind needs, or names what it has no use for. */
export function checkPlan({ kind, ratio, otherAssetId, assetId, costShare, cash, held }: ActionPlan): void {
  if (needs[kind].ratio && !ratio)
    refuse(
      'ratio-missing',
      'Say how many new units there are for old ones.',
      '/newUnits',
      'must be given with /oldUnits',
    );
  if (kind === 'return-of-capital' && ratio)
    refuse('ratio-unused', 'A return of capital changes no units.', '/newUnits', 'leave it out');
  if (kind === 'split' && ratio?.new.eq(ratio.old))
    refuse('ratio-of-one', 'This changes no units.', '/newUnits', 'must differ from /oldUnits');
  if (needs[kind].other && !otherAssetId)
    refuse('asset-missing', 'Say which asset the shares become, or is spun off.', '/assetId', 'must be given');
  if (!needs[kind].other && otherAssetId)
    refuse('asset-unused', 'No other asset has a part in this.', '/assetId', 'leave it out');
  if (otherAssetId === assetId)
    refuse('same-asset', 'The shares are of this asset already.', '/assetId', 'must be another asset');
  if (kind === 'return-of-capital' && !cash)
    refuse('cash-missing', 'Say how much was paid for one share.', '/cash', 'must be given with /cashCurrency');
  if (cash && kind !== 'return-of-capital' && kind !== 'merger')
    refuse(
      'cash-unused',
      'Cash is paid in mergers and returns of capital. Record cash for fractions as a sale.',
      '/cash',
      'leave it out',
    );
  const wantsShare = kind === 'spin-off' || (kind === 'merger' && cash !== undefined);
  if (wantsShare && !costShare)
    refuse(
      'cost-share-missing',
      'Say which part of the cost goes along: the company publishes it.',
      '/costShare',
      'must be given',
    );
  if (!wantsShare && costShare)
    refuse('cost-share-unused', 'No part of the cost goes elsewhere here.', '/costShare', 'leave it out');
  if (costShare?.gte(ONE))
    refuse('cost-share', 'The part of the cost is between 0 and 1.', '/costShare', 'must be below 1');
  if (held.isZero())
    refuse(
      'nothing-held',
      'The ledger knows of no units at that time. Say how many there were.',
      '/units',
      'must be given',
    );
}

/** What the held units become of the other asset, or of the same one by a split. */
export const unitsAfter = ({ held, ratio }: Pick<ActionPlan, 'held' | 'ratio'>): Decimal =>
  ratio ? held.times(ratio.new).div(ratio.old).toDecimalPlaces(QUANTITY_DECIMALS, Decimal.ROUND_HALF_EVEN) : held;

/** The rows of the ledger that the action is. */
export function draftsOf(plan: ActionPlan): TransactionDraft[] {
  const { id, kind, occurredAt, assetId, held, otherAssetId, cash, description } = plan;
  const row = (ofAsset: string, quantity: Decimal, name = id): TransactionDraft => ({
    assetId: ofAsset,
    kind,
    quantity,
    occurredAt,
    externalId: name,
    actionId: id,
    ...(description ? { description } : {}),
  });
  const after = unitsAfter(plan);
  if (kind === 'split') return [row(assetId, after.minus(held))];
  if (kind === 'return-of-capital') return [{ ...row(assetId, ZERO), ...(cash ? { price: cash } : {}) }];
  if (kind === 'spin-off') return [row(assetId, ZERO), row(otherAssetId as string, after)];
  return [
    ...(cash ? [{ ...row(assetId, ZERO, `${id}:cash`), price: cash }] : []),
    row(assetId, held.neg()),
    row(otherAssetId as string, after),
  ];
}

function refuse(code: string, sentence: string, pointer: string, detail: string): never {
  throw new Invalid(code, sentence, [{ pointer, detail }]);
}
