import { Injectable } from '@nestjs/common';
import type { ChainMovements, WalletBalances } from '@scani/cloud';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { JobQueue } from '@scani/jobs';
import { EFFECTIVE_OBSERVATION, LedgerService, linkTransfers } from '@scani/ledger';
import { ChainAssets } from '@scani/market';
import { decimal } from '@scani/money';
import { DataSource } from 'typeorm';
import { scoreTokens, TokenScores } from '../score-tokens.job.js';
import { type Held, draftsOf, differs, observationsOf, WALLET_SOURCE } from './movement.drafts.js';

/** A wallet as its sync sees it. */
export interface FollowedWallet {
  id: string;
  user_id: string;
  account_id: string;
  chain: string;
  address: string;
  cursor: string | null;
}

export const FOLLOWED_COLUMNS =
  'wallet.id, wallet.user_id, wallet.account_id, wallet.chain, wallet.address, wallet.cursor';

/** Prices of what is new have mostly come by then, and a token that costs something is none that came for nothing. */
const PRICES_COME_MS = 60_000;

/** Puts what a chain tells of a wallet into the ledger, each part with its progress in one transaction. */
@Injectable()
export class WalletLedger {
  constructor(
    private readonly source: DataSource,
    private readonly ledger: LedgerService,
    private readonly assets: ChainAssets,
    private readonly scores: TokenScores,
    private readonly jobs: JobQueue,
  ) {}

  /**
   * Records a page that was read from `cursor` on and moves the cursor behind it. Undefined where somebody else has moved it
   * meanwhile, or nobody follows the wallet any more: then nothing was recorded. Else how many transactions were new.
   */
  recordPage(wallet: FollowedWallet, cursor: string | null, page: ChainMovements): Promise<number | undefined> {
    return this.source.transaction(async (db) => {
      if (!(await lock(db, wallet, cursor))) return undefined;
      let added = 0;
      if (page.movements.length > 0) {
        const ids = await this.assets.ensure(
          db,
          wallet.chain,
          page.movements.map(({ asset }) => asset),
        );
        const recorded = await this.ledger.record(db, {
          userId: wallet.user_id,
          accountId: wallet.account_id,
          source: WALLET_SOURCE,
          moreToCome: true,
          transactions: draftsOf(page.movements, ids),
          observations: [],
        });
        added = recorded.added;
      }
      await db.query('update wallet set cursor = $2 where id = $1', [wallet.id, page.cursor]);
      return added;
    });
  }

  /** Ends a sync: the balances as they are now, how likely each token is a scam, and that all of this is known. */
  recordBalances(wallet: FollowedWallet, cursor: string | null, told: WalletBalances): Promise<boolean> {
    return this.source.transaction(async (db) => {
      if (!(await lock(db, wallet, cursor))) return false;
      const ids = await this.assets.ensure(
        db,
        wallet.chain,
        told.balances.map(({ asset }) => asset),
      );
      const observations = observationsOf(told, ids, await held(db, wallet));
      if (observations.length > 0) {
        await this.ledger.record(db, {
          userId: wallet.user_id,
          accountId: wallet.account_id,
          source: WALLET_SOURCE,
          transactions: [],
          observations,
        });
      }
      const tokens = await this.scores.scoreAccount(db, wallet.account_id);
      if (tokens > 0) {
        await this.jobs.ask(db, scoreTokens, { accountId: wallet.account_id }, { delayMs: PRICES_COME_MS });
      }
      await db.query('update wallet set synced_at = $2, problem = null, gaps = $3 where id = $1', [
        wallet.id,
        told.at,
        told.gaps,
      ]);
      await this.jobs.ask(db, linkTransfers, { userId: wallet.user_id }, { userId: wallet.user_id });
      return true;
    });
  }

  /** Whether the chain shows something else than the ledger; when not, that is known as of then. */
  async confirm(wallet: FollowedWallet, told: WalletBalances): Promise<boolean> {
    const ids = await this.assets.find(
      this.source,
      wallet.chain,
      told.balances.map(({ asset }) => asset),
    );
    if (differs(told, ids, await held(this.source, wallet))) return false;
    await this.source.query(
      `update wallet set synced_at = $2, gaps = $3, problem = null
       where id = $1 and stopped_at is null and cursor is not distinct from $4 and synced_at < $2`,
      [wallet.id, told.at, told.gaps, wallet.cursor],
    );
    return true;
  }
}

/** Holds the wallet for the rest of the transaction, if it is still where its reader left it. */
async function lock(db: Db, wallet: FollowedWallet, cursor: string | null): Promise<boolean> {
  const row = await rowOf<{ cursor: string | null }>(
    db,
    'select cursor from wallet where id = $1 and user_id = $2 and stopped_at is null for update',
    [wallet.id, wallet.user_id],
  );
  return row !== undefined && row.cursor === cursor;
}

/** The positions of its account that the chain told of; others that a person put there are left alone. */
async function held(db: Db, wallet: FollowedWallet): Promise<Held[]> {
  const rows = await rowsOf<{ asset_id: string; balance: string; seen: boolean }>(
    db,
    `select holding.asset_id, holding.balance,
       exists (select 1 from observation where holding_id = holding.id and ${EFFECTIVE_OBSERVATION}) as seen
     from holding where holding.account_id = $1 and holding.user_id = $2 and (
       exists (select 1 from transaction where holding_id = holding.id and source = $3)
       or exists (select 1 from observation where holding_id = holding.id and source = $3))`,
    [wallet.account_id, wallet.user_id, WALLET_SOURCE],
  );
  return rows.map((row) => ({ assetId: row.asset_id, balance: decimal(row.balance), seen: row.seen }));
}
