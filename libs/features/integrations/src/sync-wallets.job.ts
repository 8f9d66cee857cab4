import { Injectable } from '@nestjs/common';
import { CloudClient, WALLET_BATCH, type WalletBalances, type WalletProblem } from '@scani/cloud';
import { rowsOf } from '@scani/database';
import { defineJob, type JobContext, JobQueue } from '@scani/jobs';
import { setTimeout as pause } from 'node:timers/promises';
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

/** A question has time for so many wallets, and a source for so many questions; longer than this the next hour looks. */
const PATIENCE_MS = 1_200_000;
/** Where the source did not say for how long. */
const LIMITED_SECONDS = 60;

/** Wallets of one address on one chain. */
type Followers = readonly FollowedWallet[];

/** Wallets at one place whose source wants to be asked later. */
interface Limited {
  followers: Followers;
  problem: WalletProblem;
  waitMs: number;
}

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
    let left: Followers[] = [...Map.groupBy(wallets, ({ chain, address }) => `${chain} ${address}`).values()];
    const total = left.length;
    for (const until = Date.now() + PATIENCE_MS; ;) {
      const limited = await this.round(left, total, context);
      const waits = limited.filter(({ waitMs }) => Date.now() + waitMs < until);
      for (const { followers, problem } of limited.filter((each) => !waits.includes(each)))
        await this.note(followers, problem);
      if (waits.length === 0) return;
      await pause(Math.max(...waits.map(({ waitMs }) => waitMs)), undefined, { signal: context.signal });
      left = waits.map(({ followers }) => followers);
    }
  }

  /** Asks for each place once; returns those whose source wants to be asked later. */
  private async round(places: readonly Followers[], total: number, context: JobContext): Promise<Limited[]> {
    const limited: Limited[] = [];
    for (let start = 0; start < places.length; start += WALLET_BATCH) {
      limited.push(...(await this.lookAt(places.slice(start, start + WALLET_BATCH), context.signal)));
      const open = places.length - Math.min(start + WALLET_BATCH, places.length) + limited.length;
      await context.progress({ done: total - open, total, unit: 'wallets', message: null });
    }
    return limited;
  }

  private async lookAt(places: readonly Followers[], signal: AbortSignal): Promise<Limited[]> {
    const answers = await this.cloud.balancesOfWallets(
      places.map(([first]) => first as FollowedWallet),
      signal,
    );
    const limited: Limited[] = [];
    for (const [index, followers] of places.entries()) {
      const { balances, problem } = answers[index] ?? { balances: null, problem: null };
      if (balances) await this.confirm(followers, balances);
      else if (problem?.reason === 'limited')
        limited.push({ followers, problem, waitMs: Math.max(1, problem.retryAfterSeconds ?? LIMITED_SECONDS) * 1_000 });
      else if (problem) await this.note(followers, problem);
    }
    return limited;
  }

  private async confirm(followers: Followers, balances: WalletBalances): Promise<void> {
    for (const wallet of followers) if (!(await this.ledger.confirm(wallet, balances))) await this.ask(wallet);
  }

  private async note(followers: Followers, { reason, detail }: WalletProblem): Promise<void> {
    await this.source.query('update wallet set problem = $2 where id = any($1) and stopped_at is null', [
      followers.map(({ id }) => id),
      JSON.stringify({ code: reason, detail }),
    ]);
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
