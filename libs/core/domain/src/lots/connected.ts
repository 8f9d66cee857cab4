import { bookKey } from './books.js';
import type { LotHolding } from './movement.js';

/**
 * Holdings that share lots, together: those of one pool, and those that a transfer or a corporate action joins. `links`:
 * ids of holdings that are joined. Sets and their members keep the order in which holdings are given.
 */
export function connected(holdings: readonly LotHolding[], links: readonly (readonly string[])[]): LotHolding[][] {
  const parents = new Map(holdings.map(({ id }) => [id, id]));
  const rootOf = (id: string): string => {
    let root = id;
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
      root = parent;
    parents.set(id, root);
    return root;
  };
  const join = (ids: readonly string[]): void => {
    const [first, ...others] = ids.filter((id) => parents.has(id));
    if (first !== undefined) for (const id of others) parents.set(rootOf(id), rootOf(first));
  };
  for (const link of links) join(link);
  for (const sharing of Map.groupBy(holdings, bookKey).values()) join(sharing.map(({ id }) => id));
  return [...Map.groupBy(holdings, ({ id }) => rootOf(id)).values()];
}
