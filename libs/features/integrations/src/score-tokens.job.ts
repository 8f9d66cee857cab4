import { Injectable } from '@nestjs/common';
import { type Db, rowsOf } from '@scani/database';
import { defineJob, type JobContext, JobQueue } from '@scani/jobs';
import { EFFECTIVE_TRANSACTION, ledgerChanged, noteChanges } from '@scani/ledger';
import { ChainAssets, CONTRACT_PROVIDER } from '@scani/market';
import { DataSource } from 'typeorm';
import { WALLET_SOURCE } from './wallets/movement.drafts.js';

/** Says anew which tokens of an account look like scams, from the prices that have come and what their holders did. */
export const scoreTokens = defineJob<{ accountId: string }>({
  name: 'score-tokens',
  title: 'Look for scam tokens',
  key: ({ accountId }) => accountId,
  firstRetryMs: 10_000,
});

/** Nightly: the same of all tokens. */
export const scoreNight = defineJob<Record<string, never>>({
  name: 'score-night',
  title: 'Nightly look for scam tokens',
  key: () => 'all',
});

const BATCH = 500;

/**
 * A token was wanted where a holder signed, and so paid for, a transaction that moved it. That it went out alone says nothing:
 * a contract may claim to have moved whatever it likes from whomever it likes.
 */
const TOKENS = `select token.asset_id, exists (
    select 1 from holding
    join transaction on transaction.holding_id = holding.id and transaction.source = $1 and ${EFFECTIVE_TRANSACTION}
    join transaction as paid on paid.user_id = transaction.user_id and paid.occurred_at = transaction.occurred_at
      and paid.source = $1 and paid.kind = 'fee' and paid.raw ->> 'transactionId' = transaction.raw ->> 'transactionId'
    join holding as paid_from on paid_from.id = paid.holding_id and paid_from.account_id = holding.account_id
    where holding.asset_id = token.asset_id) as wanted
  from asset_identity as token where token.provider = $2`;

interface Token {
  asset_id: string;
  wanted: boolean;
}

@Injectable()
export class TokenScores {
  constructor(
    private readonly source: DataSource,
    private readonly assets: ChainAssets,
    private readonly jobs: JobQueue,
  ) {}

  async run({ accountId }: { accountId: string }): Promise<void> {
    await this.source.transaction((db) => this.scoreAccount(db, accountId));
  }

  async runAll(context: JobContext): Promise<void> {
    for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
      const tokens = await rowsOf<Token>(
        this.source,
        `${TOKENS} and token.asset_id > $3 order by token.asset_id limit ${BATCH}`,
        [WALLET_SOURCE, CONTRACT_PROVIDER, last],
      );
      await this.source.transaction((db) => this.score(db, tokens));
      const next = tokens.at(-1);
      if (tokens.length < BATCH || !next) return;
      last = next.asset_id;
      context.signal.throwIfAborted();
    }
  }

  /** Those that are in one account; how many there are. Joins the caller's transaction. */
  async scoreAccount(db: Db, accountId: string): Promise<number> {
    const tokens = await rowsOf<Token>(
      db,
      `${TOKENS} and token.asset_id in (select asset_id from holding where account_id = $3)`,
      [WALLET_SOURCE, CONTRACT_PROVIDER, accountId],
    );
    await this.score(db, tokens);
    return tokens.length;
  }

  /** Figures of everybody who holds one that is counted from now on, or is not any more, are worked out anew. */
  private async score(db: Db, tokens: readonly Token[]): Promise<void> {
    const changed = await this.assets.rescore(
      db,
      tokens.map(({ asset_id: id }) => id),
      new Set(tokens.filter(({ wanted }) => wanted).map(({ asset_id: id }) => id)),
    );
    if (changed.length === 0) return;
    const holders = await rowsOf<{ id: string; user_id: string }>(
      db,
      'select id, user_id from holding where asset_id = any($1) order by id',
      [changed],
    );
    for (const [userId, of] of Map.groupBy(holders, (row) => row.user_id)) {
      await noteChanges(
        db,
        userId,
        of.map(({ id }) => ({ holdingId: id, fromDay: null })),
      );
      await this.jobs.ask(db, ledgerChanged, { userId });
    }
  }
}
