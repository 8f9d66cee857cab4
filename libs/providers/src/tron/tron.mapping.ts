import type { ChainAsset, ChainFacts, ChainMovement } from '../chain.js';
import { movement, numbered } from '../chain-amounts.js';
import { nativeAsset, tokenAsset } from '../chain-assets.js';
import type { Row, Token } from './tron.responses.js';

export const TRON: ChainFacts = {
  id: 'tron',
  name: 'Tron',
  family: 'tron',
  native: nativeAsset('TRX', 'Tronix', 6, 'tron'),
  explorer: 'https://tronscan.org/#',
};

export const assetOf = (token: Token): ChainAsset => tokenAsset('tron', token.contract, token);

/** What one window of the three lists says of one wallet. */
export function movementsOf(
  wallet: string,
  lists: { transactions: readonly Row[]; tokens: readonly Row[]; internal: readonly Row[] },
): ChainMovement[] {
  return [
    ...lists.transactions.flatMap((row) => [...moved(row, wallet, TRON.native, 'value'), ...feeOf(row, wallet)]),
    ...numbered(lists.internal, ({ id }) => id).flatMap(([row, count]) =>
      moved(row, wallet, TRON.native, `internal-${count}`),
    ),
    ...numbered(lists.tokens, ({ id, token }) => `${id} ${token?.contract}`).flatMap(([row, count]) =>
      row.token ? moved(row, wallet, assetOf(row.token), `token-${row.token.contract}-${count}`) : [],
    ),
  ];
}

function moved(row: Row, wallet: string, asset: ChainAsset, name: string): ChainMovement[] {
  if (row.failed || row.units === undefined || row.from === row.to) return [];
  const about = { id: name, transactionId: row.id, at: instantOf(row), asset, units: row.units };
  // Rewards of votes are paid by the chain to whoever asks for them.
  if (row.type === 'WithdrawBalanceContract')
    return row.from === wallet ? movement({ ...about, direction: 'in', counterparty: null }) : [];
  if (row.from === wallet) return movement({ ...about, direction: 'out', counterparty: row.to ?? null });
  if (row.to === wallet) return movement({ ...about, direction: 'in', counterparty: row.from ?? null });
  return [];
}

function feeOf(row: Row, wallet: string): ChainMovement[] {
  if (row.from !== wallet) return [];
  const about = { transactionId: row.id, at: instantOf(row), asset: TRON.native, counterparty: null };
  return movement({ ...about, id: 'fee', direction: 'fee', units: row.fee });
}

const instantOf = ({ ms }: Row): string => new Date(ms).toISOString();
