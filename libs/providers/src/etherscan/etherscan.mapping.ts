import type { ChainAsset, ChainMovement } from '../chain.js';
import { decimalsOf, movement, numbered } from '../chain-amounts.js';
import { tokenAsset } from '../chain-assets.js';
import { textOf } from '../exact-json.js';
import type { EvmChain } from './etherscan.chains.js';
import { feeOf, hasFailed, type Row } from './etherscan.responses.js';

/** What one window of the three lists says of one wallet. */
export function movementsOf(
  chain: EvmChain,
  wallet: string,
  lists: { transactions: readonly Row[]; internal: readonly Row[]; tokens: readonly Row[] },
): ChainMovement[] {
  const native = [
    ...lists.transactions.flatMap((row) => (hasFailed(row) ? [] : moved(row, wallet, chain.native, 'value'))),
    ...numbered(lists.internal, ({ hash }) => hash).flatMap(([row, count]) =>
      hasFailed(row) ? [] : moved(row, wallet, chain.native, `internal-${count}`),
    ),
  ];
  return [
    ...native,
    ...lists.transactions.flatMap((row) => feesOf(row, wallet, chain)),
    ...tokenMovements(chain, wallet, lists.tokens, native),
  ];
}

function feesOf(row: Row, wallet: string, { native }: EvmChain): ChainMovement[] {
  if (row.from !== wallet) return [];
  const about = { transactionId: row.hash, at: row.at, asset: native, counterparty: null };
  return movement({ ...about, id: 'fee', direction: 'fee', units: feeOf(row) });
}

/** The explorer does not say which log of a transaction a transfer is: they are counted in its own order. */
function tokenMovements(
  chain: EvmChain,
  wallet: string,
  rows: readonly Row[],
  native: readonly ChainMovement[],
): ChainMovement[] {
  return numbered(rows, ({ hash, contract }) => `${hash} ${contract}`).flatMap(([row, count]) => {
    const asset = tokenOf(chain, row);
    if (!asset) return [];
    if (asset !== chain.native) return moved(row, wallet, asset, `token-${asset.contract}-${count}`);
    return moved(row, wallet, chain.native, `native-${count}`).filter(
      (each) =>
        !native.some(
          (one) =>
            one.transactionId === each.transactionId &&
            one.direction === each.direction &&
            one.quantity === each.quantity,
        ),
    );
  });
}

/** The token of a transfer; what fees are paid in where its contract is that; undefined where its decimals make no sense. */
export function tokenOf(chain: EvmChain, { contract, fields }: Row): ChainAsset | undefined {
  if (contract === undefined) return undefined;
  if (contract.toLowerCase() === chain.nativeContract) return chain.native;
  // Decimals are optional in ERC-20; without them the token is counted whole.
  const decimals = fields['tokenDecimal'] === '' ? 0 : decimalsOf(fields['tokenDecimal']);
  if (decimals === undefined) return undefined;
  return tokenAsset(chain.llama, contract, {
    symbol: textOf(fields['tokenSymbol']),
    name: textOf(fields['tokenName']),
    decimals,
  });
}

/** What came in or went out; nothing where it went from the wallet to itself. */
function moved(row: Row, wallet: string, asset: ChainAsset, id: string): ChainMovement[] {
  const { from, value, at, hash } = row;
  const to = row.to ?? (asset.contract === null ? row.contract : undefined);
  if (value === undefined || from === to) return [];
  const about = { id, transactionId: hash, at, asset, units: value };
  if (from === wallet) return movement({ ...about, direction: 'out', counterparty: to ?? null });
  if (to === wallet) return movement({ ...about, direction: 'in', counterparty: from ?? null });
  return [];
}

/** What transfers leave of each token, by contract. */
export function heldTokens(
  chain: EvmChain,
  wallet: string,
  rows: readonly Row[],
): { held: ReadonlyMap<string, { asset: ChainAsset; units: bigint }>; absurd: number } {
  const held = new Map<string, { asset: ChainAsset; units: bigint }>();
  const absurd = new Set<string>();
  for (const row of rows) {
    const asset = tokenOf(chain, row);
    if (asset === chain.native) continue;
    if (!asset?.contract || row.value === undefined) {
      absurd.add(row.contract ?? '');
      continue;
    }
    const known = held.get(asset.contract) ?? { asset, units: 0n };
    const change = (row.to === wallet ? row.value : 0n) - (row.from === wallet ? row.value : 0n);
    held.set(asset.contract, { asset, units: known.units + change });
  }
  return { held, absurd: absurd.size };
}
