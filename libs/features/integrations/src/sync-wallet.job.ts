import { Injectable } from '@nestjs/common';
import { CloudClient, CloudError } from '@scani/cloud';
import { rowOf } from '@scani/database';
import { defineJob, EventPublisher, type JobContext, JobQueue, Unrepeatable } from '@scani/jobs';
import { DataSource } from 'typeorm';
import { FOLLOWED_COLUMNS, type FollowedWallet, WalletLedger } from './wallets/wallet.ledger.js';
import { syncProblemOf } from './wallets/wallet.problem.js';

/** Reads what happened in a wallet since the last time, then what is in it. `read`: movements in earlier parts of this sync. */
export const syncWallet = defineJob<{ walletId: string; userId: string; read?: number }>({
  name: 'sync-wallet',
  title: 'Read a wallet',
  key: ({ walletId }) => walletId,
  firstRetryMs: 10_000,
  cancellable: true,
  timeoutMs: 900_000,
});

/** After so many it goes on as another job, so that others have their turn. */
const MOST_PAGES = 40;

/**
 * One transaction per page, in which rows and cursor change together: a worker that is lost costs one page. Balances come last,
 * so that what explains them is there already.
 */
@Injectable()
export class SyncWallet {
  constructor(
    private readonly source: DataSource,
    private readonly cloud: CloudClient,
    private readonly ledger: WalletLedger,
    private readonly events: EventPublisher,
    private readonly jobs: JobQueue,
  ) {}

  async run(
    { walletId, userId, read = 0 }: { walletId: string; userId: string; read?: number },
    context: JobContext,
  ): Promise<void> {
    const wallet = await rowOf<FollowedWallet>(
      this.source,
      `select ${FOLLOWED_COLUMNS} from wallet where id = $1 and user_id = $2 and stopped_at is null`,
      [walletId, userId],
    );
    if (!wallet) return;
    try {
      await this.sync(wallet, read, context);
    } catch (error) {
      if (context.signal.aborted) throw error;
      await this.note(wallet, error);
      throw worthRepeating(error) ? error : new Unrepeatable(syncProblemOf(error).code, syncProblemOf(error).detail);
    } finally {
      await this.events.publish(userId, { type: 'portfolio', data: {} });
    }
  }

  private async sync(wallet: FollowedWallet, before: number, context: JobContext): Promise<void> {
    let { cursor } = wallet;
    let done = before;
    for (let pages = 1; ; pages += 1) {
      const page = await this.cloud.walletMovements(wallet, cursor ?? undefined, context.signal);
      if (page.more && page.cursor === cursor) throw new Error(`wallet ${wallet.id}: its pages do not move on`);
      if ((await this.ledger.recordPage(wallet, cursor, page)) === undefined) return;
      cursor = page.cursor;
      done += page.movements.length;
      await context.progress({ done, total: null, unit: 'movements', message: null });
      if (!page.more) break;
      if (pages >= MOST_PAGES) return this.goOn(wallet, done);
    }
    const told = await this.cloud.walletBalances(wallet, context.signal);
    await this.ledger.recordBalances(wallet, cursor, told);
  }

  private async goOn({ id, user_id: userId }: FollowedWallet, read: number): Promise<void> {
    await this.jobs.ask(this.source, syncWallet, { walletId: id, userId, read }, { userId });
  }

  private async note({ id }: FollowedWallet, error: unknown): Promise<void> {
    await this.source.query('update wallet set problem = $2 where id = $1', [id, JSON.stringify(syncProblemOf(error))]);
  }
}

/** What the data-provider refuses it refuses every time; so it does with a key, until somebody has acted. */
const worthRepeating = (error: unknown): boolean =>
  !(error instanceof CloudError) || error.away || error.code === 'limited' || error.code === 'failed';
