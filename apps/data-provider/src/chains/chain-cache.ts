import { Inject, Injectable } from '@nestjs/common';
import type { RedisClient } from '@scani/jobs';
import type { ChainMovements, ResolvedName, WalletBalances } from '@scani/providers';
import { SharedCache } from '../shared/shared-cache.js';
import { SHARED_CACHE_BYTES, SHARED_REDIS } from '../shared/shared.module.js';

const OWN = 8_000_000;
/** Of what all may take. */
const SHARED = 0.2;
const BALANCES_MS = 30_000;
/** A page with others after it is of the past, and that does not change. */
const PAST_MS = 3_600_000;
const PRESENT_MS = 30_000;
const NAME_MS = 3_600_000;

/** What the sources of chains said a while ago. Trouble is never kept. */
@Injectable()
export class ChainCache {
  private readonly balances: SharedCache<WalletBalances>;
  private readonly movements: SharedCache<ChainMovements>;
  private readonly names: SharedCache<ResolvedName>;

  constructor(@Inject(SHARED_REDIS) redis: RedisClient | null, @Inject(SHARED_CACHE_BYTES) bytes: number) {
    const shared = Math.floor((bytes * SHARED) / 3);
    this.balances = new SharedCache('wallet-balances', { own: OWN, shared }, redis);
    this.movements = new SharedCache('wallet-movements', { own: OWN, shared }, redis);
    this.names = new SharedCache('names', { own: OWN / 8, shared }, redis);
  }

  balancesOf(wallet: string, ask: () => Promise<WalletBalances>): Promise<WalletBalances> {
    return this.balances.through(wallet, ask, () => BALANCES_MS);
  }

  /** What was read a moment ago. */
  knownBalances(wallet: string): Promise<WalletBalances | undefined> {
    return this.balances.get(wallet);
  }

  movementsOf(page: string, ask: () => Promise<ChainMovements>): Promise<ChainMovements> {
    return this.movements.through(page, ask, ({ more }) => (more ? PAST_MS : PRESENT_MS));
  }

  nameOf(name: string, ask: () => Promise<ResolvedName>): Promise<ResolvedName> {
    return this.names.through(name, ask, () => NAME_MS);
  }
}
