import { Injectable } from '@nestjs/common';
import { CloudClient, WALLET_BATCH } from '@scani/cloud';
import { rowsOf } from '@scani/database';
import { defineJob, type JobContext, JobQueue } from '@scani/jobs';
import { DataSource } from 'typeorm';
import { syncWallet } from './sync-wallet.job.js';
import { FOLLOWED_COLUMNS, type FollowedWallet, WalletLedger } from './wallets/wallet.ledger.js';

/**
 * Hourly: looks at the balances of all wallets, many in one question, and has those read in full that have changed: most have
 * not, and their history would cost several questions each.
 */
export const syncWallets = defineJob<Record<string, never>>({
  name: 'sync-wallets',
  title: 'Balances of wallets',
  key: () => 'all',
  attempts: 3,
  // The next hour looks again.
  worthMs: 3_000_000,
  timeoutMs: 1_800_000,
});

/** Nightly: reads every wallet in full, for what balances do not show: what came and went again, and what sources told late. */
export const walletNight = defineJob<Record<string, never>>({
  name: 'wallet-night',
  title: 'Nightly wallets',
  key: () => 'all',
});

/** Those whose account is in use. */
const FOLLOWED = `select ${FOLLOWED_COLUMNS} from wallet join account on account.id = wallet.account_id
  where wallet.stopped_at is null and account.archived_at is null`;

@Injectable()
export class SyncWallets {
  constructor(
    private readonly source: DataSource,
    private readonly cloud: CloudClient,
    private readonly ledger: WalletLedger,
    private readonly jobs: JobQueue,
  ) {}

  async look(context: JobContext): Promise<void> {
    const wallets = await rowsOf<FollowedWallet>(
      this.source,
      // A first sync that did not get through is for the night to try again.
      `${FOLLOWED} and wallet.synced_at is not null and not exists (
         select 1 from job where job.name = 'sync-wallet' and job.key = wallet.id::text and job.state in ('waiting', 'queued', 'active'))
       order by wallet.chain, wallet.address, wallet.id`,
    );
    // Two people may follow one address.
    const places = [...Map.groupBy(wallets, ({ chain, address }) => `${chain} ${address}`).values()];
    for (let start = 0; start < places.length; start += WALLET_BATCH) {
      await this.lookAt(places.slice(start, start + WALLET_BATCH), context);
      await context.progress({
        done: Math.min(start + WALLET_BATCH, places.length),
        total: places.length,
        unit: 'wallets',
        message: null,
      });
    }
  }

  private async lookAt(places: readonly FollowedWallet[][], context: JobContext): Promise<void> {
    const answers = await this.cloud.balancesOfWallets(
      places.map(([first]) => first as FollowedWallet),
      context.signal,
    );
    for (const [index, followers] of places.entries()) {
      const answer = answers[index];
      for (const wallet of followers) {
        if (answer?.balances) {
          if (!(await this.ledger.confirm(wallet, answer.balances))) await this.ask(wallet);
        } else if (answer?.problem) {
          await this.source.query('update wallet set problem = $2 where id = $1', [
            wallet.id,
            JSON.stringify({ code: answer.problem.reason, detail: answer.problem.detail }),
          ]);
        }
      }
    }
  }

  async readAll(jobId: string): Promise<void> {
    for (const wallet of await rowsOf<FollowedWallet>(this.source, `${FOLLOWED} order by wallet.id`))
      await this.ask(wallet, jobId);
  }

  private async ask({ id, user_id: userId }: FollowedWallet, partOf?: string): Promise<void> {
    await this.jobs.ask(
      this.source,
      syncWallet,
      { walletId: id, userId },
      { userId, ...(partOf === undefined ? {} : { partOf }) },
    );
  }
}
