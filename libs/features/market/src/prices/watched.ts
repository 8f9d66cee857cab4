import type { AssetRef } from '@scani/cloud';
import type { Day } from '@scani/money';

/** An asset whose prices are kept up to date, and what of them was asked for. */
export interface WatchedRow extends AssetRef {
  readonly wanted_from: Day;
  readonly asked_from: Day | null;
  readonly asked_to: Day | null;
}

/** Every watched asset with the words that price sources have for it; a `where` and `GROUPED` follow. */
export const WATCHED = `select asset.id, asset.kind, asset.symbol, wanted_from, asked_from, asked_to,
    json_agg(json_build_object('provider', asset_identity.provider, 'externalId', asset_identity.external_id)) as identities
  from price_watch
  join asset on asset.id = price_watch.asset_id
  join asset_identity on asset_identity.asset_id = asset.id and asset_identity.provider <> 'contract'`;

export const GROUPED = 'group by asset.id, price_watch.asset_id order by asset.id';
