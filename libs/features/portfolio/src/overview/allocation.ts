import type { HoldingRow } from '@scani/ledger';
import { type Decimal, decimalText, sum, ZERO } from '@scani/money';
import { reasonOf, type Valuation } from '../valuation.queries.js';
import type { Allocation, AllocationBy, Slice } from './overview.dto.js';

interface Key {
  key: string;
  label: string;
  id: string | null;
}

const KIND_LABELS = {
  fiat: 'Cash',
  crypto: 'Crypto',
  stock: 'Stocks and funds',
  private: 'Private assets',
  other: 'Other',
} as const;
const NO_GROUP: Key = { key: 'none', label: 'In no group', id: null };
const RATIO_DECIMALS = 6;

/** Cuts what is owned into slices, largest first. A holding in two groups is in both slices; the total counts it once. */
export function slicesOf(
  valuation: Valuation,
  by: AllocationBy,
  groups: ReadonlyMap<string, string>,
): Pick<Allocation, 'total' | 'liabilities' | 'unpriced' | 'slices'> {
  const sums = new Map<string, Key & { value: Decimal }>();
  let owned = ZERO;
  let owed = ZERO;
  let unpriced = 0;
  for (const holding of valuation.holdings.filter((one) => reasonOf(one) === null)) {
    const amount = valuation.figureOf('holding', holding.id)?.amount;
    if (!amount) unpriced += 1;
    else if (amount.isNegative() || holding.account.kind === 'liability') owed = owed.plus(amount);
    else if (!amount.isZero()) {
      owned = owned.plus(amount);
      for (const key of keysOf(holding, by, groups)) {
        sums.set(key.key, { ...key, value: (sums.get(key.key)?.value ?? ZERO).plus(amount) });
      }
    }
  }
  const slices = [...sums.values()].sort((one, other) => other.value.cmp(one.value) || (one.key < other.key ? -1 : 1));
  return {
    total: decimalText(owned),
    liabilities: decimalText(sum([owed])),
    unpriced,
    slices: slices.map((slice): Slice => ({
      key: slice.key,
      label: slice.label,
      id: slice.id,
      value: decimalText(slice.value),
      ratio: decimalText(slice.value.div(owned).toDecimalPlaces(RATIO_DECIMALS)),
    })),
  };
}

function keysOf(holding: HoldingRow, by: AllocationBy, groups: ReadonlyMap<string, string>): Key[] {
  const { account, asset } = holding;
  switch (by) {
    case 'asset':
      return [{ key: asset.id, label: asset.symbol, id: asset.id }];
    case 'kind':
      return [{ key: asset.kind, label: KIND_LABELS[asset.kind], id: null }];
    case 'institution':
      return [{ key: account.institution_id, label: account.institution_name, id: account.institution_id }];
    case 'account':
      return [{ key: account.id, label: account.name, id: account.id }];
    case 'group': {
      const ids = [...new Set([...holding.group_ids, ...account.group_ids])];
      return ids.length === 0 ? [NO_GROUP] : ids.map((id) => ({ key: id, label: groups.get(id) ?? '', id }));
    }
  }
}
