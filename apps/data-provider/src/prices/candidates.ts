import type { PriceProvider } from '@scani/providers';
import type { Outside } from '../outside/outside.js';
import type { PricedAsset } from './prices.dto.js';

/** A source that may know an asset, and its word for it. */
export interface Candidate {
  readonly provider: PriceProvider;
  readonly key: string;
}

/** Best first. */
export function candidatesOf(outside: Outside, asset: PricedAsset): Candidate[] {
  return outside.providers.prices[asset.kind].flatMap((provider) => {
    const key = provider.keyOf(asset);
    return key === undefined ? [] : [{ provider, key }];
  });
}
