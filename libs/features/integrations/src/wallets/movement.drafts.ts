import type { ChainMovement, WalletBalances } from '@scani/cloud';
import { QUANTITY_DECIMALS, type TransactionKind } from '@scani/domain';
import type { ObservationDraft, TransactionDraft } from '@scani/ledger';
import { tokenOf } from '@scani/market';
import { Decimal, decimal, ZERO } from '@scani/money';

/** Who says so, in the ledger. */
export const WALLET_SOURCE = 'wallet';
/** Digits before the point that the ledger is asked about; a token of more is nobody's property. */
const MOST_DIGITS = 30;

const KINDS: Readonly<Record<ChainMovement['direction'], TransactionKind>> = {
  in: 'transfer-in',
  out: 'transfer-out',
  fee: 'fee',
};

/** By `tokenOf`. */
export type AssetIds = ReadonlyMap<string, string>;

/**
 * What the ledger is told of movements, one transaction each. The same movement gives the same draft whenever and in whatever
 * company it is told, so that its external id makes repeats harmless. Fees come as movements of their own.
 */
export function draftsOf(movements: readonly ChainMovement[], assetIds: AssetIds): TransactionDraft[] {
  return movements.flatMap((movement) => {
    const { direction, externalId, transactionId, at, asset, counterparty } = movement;
    const size = keptQuantity(movement.quantity);
    if (size === undefined) return [];
    return [
      {
        assetId: assetIdOf(assetIds, asset),
        kind: KINDS[direction],
        quantity: direction === 'in' ? size : size.neg(),
        occurredAt: new Date(at),
        externalId,
        raw: { transactionId },
        ...(counterparty === null ? {} : { counterparty }),
      },
    ];
  });
}

/** What the ledger says now of a position that came from the chain. */
export interface Held {
  assetId: string;
  balance: Decimal;
  /** Some balance of it was seen before. */
  seen: boolean;
}

/**
 * The balances that the ledger does not know yet: those that differ from what it says, and the first one of each position.
 * One that says what is known anyway is left out, or each hour would add a row for each token. What is absent is empty, unless
 * the source says that it could not tell all.
 */
export function observationsOf(told: WalletBalances, assetIds: AssetIds, held: readonly Held[]): ObservationDraft[] {
  const known = new Map(held.map((one) => [one.assetId, one]));
  const now = new Map<string, Decimal>();
  for (const { asset, quantity } of told.balances) {
    const size = keptQuantity(quantity);
    if (size !== undefined) now.set(assetIdOf(assetIds, asset), size);
  }
  if (told.gaps.length === 0) {
    for (const { assetId } of held) if (!now.has(assetId)) now.set(assetId, ZERO);
  }
  const at = new Date(told.at);
  return [...now]
    .filter(([assetId, balance]) => {
      const before = known.get(assetId);
      return !before?.seen || !before.balance.eq(balance);
    })
    .map(([assetId, balance]) => ({ assetId, balance, at, externalId: `balance ${at.toISOString()}` }));
}

/** Whether the chain shows something else than what the ledger says. */
export const differs = (told: WalletBalances, assetIds: AssetIds, held: readonly Held[]): boolean =>
  told.balances.some(({ asset, quantity }) => !assetIds.has(tokenOf(asset)) && keptQuantity(quantity) !== undefined) ||
  observationsOf(
    { ...told, balances: told.balances.filter(({ asset }) => assetIds.has(tokenOf(asset))) },
    assetIds,
    held,
  ).length > 0;

/** Cut to the decimals that are kept; undefined where nothing is left, or where it is beyond counting. */
function keptQuantity(text: string): Decimal | undefined {
  const [whole = ''] = text.split('.');
  if (whole.length > MOST_DIGITS) return undefined;
  const kept = decimal(text).toDecimalPlaces(QUANTITY_DECIMALS, Decimal.ROUND_DOWN);
  return kept.isZero() ? undefined : kept;
}

function assetIdOf(ids: AssetIds, asset: Parameters<typeof tokenOf>[0]): string {
  const id = ids.get(tokenOf(asset));
  if (id === undefined) throw new Error(`no asset was made for ${asset.contract ?? 'the native coin'}`);
  return id;
}
