import { Injectable } from '@nestjs/common';
import { type ChainMovements, CloudClient, CloudError } from '@scani/cloud';
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
      throw asJob(error);
    } finally {
      await this.events.publish(userId, { type: 'portfolio', data: {} });
    }
  }

  private async sync(wallet: FollowedWallet, before: number, context: JobContext): Promise<void> {
    let { cursor } = wallet;
    let done = before;
    for (let pages = 1; ; pages += 1) {
      const page = await this.page(wallet, cursor, context.signal);
      if (!page) {
        cursor = null;
        continue;
      }
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

  /** Undefined where the cursor is not understood any more: it is forgotten, and what is known already does no harm again. */
  private async page(
    wallet: FollowedWallet,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<ChainMovements | undefined> {
    try {
      return await this.cloud.walletMovements(wallet, cursor ?? undefined, signal);
    } catch (error) {
      if (cursor === null || !(error instanceof CloudError) || error.problem !== 'bad-cursor') throw error;
      await this.source.query('update wallet set cursor = null where id = $1 and cursor = $2', [wallet.id, cursor]);
      return undefined;
    }
  }

  private async goOn({ id, user_id: userId }: FollowedWallet, read: number): Promise<void> {
    await this.jobs.ask(this.source, syncWallet, { walletId: id, userId, read }, { userId });
  }

  private async note({ id }: FollowedWallet, error: unknown): Promise<void> {
    await this.source.query('update wallet set problem = $2 where id = $1', [id, JSON.stringify(syncProblemOf(error))]);
  }
}

/** Where the source did not say for how long. */
const LIMITED_SECONDS = 60;
/** Until somebody has acted. */
const LASTING: ReadonlySet<string> = new Set(['chain-not-offered', 'chain-not-covered', 'chain-key-refused']);

/** The data-provider is there, but what is behind it is limited or away: to be waited for like the data-provider itself. */
class SourceWaits extends Error {
  readonly code = 'limited';
  constructor(
    readonly detail: string,
    readonly retryAfterSeconds: number | undefined,
    readonly away: boolean,
  ) {
    super(detail);
  }
}

/** What the data-provider refuses it refuses every time; so it does with a key, and so does what is behind it. */
function asJob(error: unknown): unknown {
  if (!(error instanceof CloudError) || error.away || error.code === 'limited') return error;
  const { problem, detail, retryAfterSeconds } = error;
  if (problem === 'chain-limited') return new SourceWaits(detail, retryAfterSeconds ?? LIMITED_SECONDS, false);
  if (problem === 'chain-unavailable') return new SourceWaits(detail, undefined, true);
  if (error.code === 'failed' && !LASTING.has(problem ?? '')) return error;
  return new Unrepeatable(syncProblemOf(error).code, detail);
}
