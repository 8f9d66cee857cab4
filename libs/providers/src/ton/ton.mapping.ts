import type { ChainAsset, ChainFacts, ChainMovement } from '../chain.js';
import { movement } from '../chain-amounts.js';
import { nativeAsset, tokenAsset } from '../chain-assets.js';
import type { Jetton, JettonTransfer, Transaction } from './ton.responses.js';

export const TON: ChainFacts = {
  id: 'ton',
  name: 'TON',
  family: 'ton',
  native: nativeAsset('TON', 'Toncoin', 9, 'the-open-network'),
  explorer: 'https://tonscan.org',
};

export const assetOf = (jetton: Jetton): ChainAsset => tokenAsset('ton', jetton.master, jetton);

/** A message is a movement; what it sends to itself comes back as a transaction of its own. */
export function movementsOf(each: Transaction | JettonTransfer, wallet: string): ChainMovement[] {
  const about = { transactionId: each.hash, at: each.at };
  if (each.kind === 'jetton') return jettonMovements(each, wallet);
  const native = { ...about, asset: TON.native };
  return [
    ...(each.received
      ? movement({
          ...native,
          id: 'in',
          direction: 'in',
          units: each.received.units,
          counterparty: each.received.other ?? null,
        })
      : []),
    ...each.sent.flatMap(({ units, other }, at) =>
      movement({ ...native, id: `out-${at}`, direction: 'out', units, counterparty: other ?? null }),
    ),
    ...movement({ ...native, id: 'fee', direction: 'fee', units: each.fee, counterparty: null }),
    // Blocks pay those who make them without any message.
    ...movement({ ...native, id: 'other', direction: 'in', units: -each.fee, counterparty: null }),
  ];
}

function jettonMovements({ hash, at, from, to, units, jetton }: JettonTransfer, wallet: string): ChainMovement[] {
  if (!jetton || from === to) return [];
  const about = { id: 'jetton', transactionId: hash, at, asset: assetOf(jetton), units };
  if (from === wallet) return movement({ ...about, direction: 'out', counterparty: to ?? null });
  if (to === wallet) return movement({ ...about, direction: 'in', counterparty: from ?? null });
  return [];
}
