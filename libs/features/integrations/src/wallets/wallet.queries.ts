import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { NotFound } from '@scani/runtime';
import { remedyOf } from './wallet.problem.js';
import type { Wallet } from './wallets.dto.js';

interface WalletRow {
  id: string;
  account_id: string;
  account_name: string;
  chain: string;
  chain_name: string;
  explorer: string;
  address: string;
  name: string | null;
  synced_at: Date | null;
  problem: { code: string; detail: string } | null;
  gaps: string[];
  created_at: Date;
  job_id: string | null;
  job_state: string;
  job_done: number | null;
  job_cancellable: boolean;
}

/** A sync that is told to wait and one that goes on are one to the person; the newest job speaks. */
const WALLETS = `select wallet.id, wallet.account_id, account.name as account_name, wallet.chain, wallet.chain_name, wallet.explorer,
    wallet.address, wallet.name, wallet.synced_at, wallet.problem, wallet.gaps, wallet.created_at,
    work.id as job_id, work.state as job_state, (work.progress ->> 'done')::int as job_done,
    work.cancellable and not work.cancel_wanted as job_cancellable
  from wallet join account on account.id = wallet.account_id
  left join lateral (
    select job.id, job.state, job.progress, job.cancellable, job.cancel_wanted from job
    where job.user_id = wallet.user_id and job.name = 'sync-wallet' and job.key = wallet.id::text
      and job.state in ('waiting', 'queued', 'active')
    order by job.state = 'active' desc, job.created_at desc limit 1) as work on true
  where wallet.user_id = $1 and wallet.stopped_at is null`;

/** What wallets tell. */
@Injectable()
export class WalletQueries {
  async list(db: Db, userId: string): Promise<Wallet[]> {
    const rows = await rowsOf<WalletRow>(db, `${WALLETS} order by wallet.created_at, wallet.id limit 1000`, [userId]);
    return rows.map(walletOf);
  }

  /** Throws NotFound. */
  async get(db: Db, userId: string, id: string): Promise<Wallet> {
    const row = await rowOf<WalletRow>(db, `${WALLETS} and wallet.id = $2`, [userId, id]);
    if (!row) throw new NotFound('wallet-not-found', 'There is no such wallet.');
    return walletOf(row);
  }
}

function walletOf(row: WalletRow): Wallet {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.account_name,
    chain: row.chain,
    chainName: row.chain_name,
    address: row.address,
    publicName: row.name,
    // It comes from the data-provider, and becomes a link.
    explorerUrl: /^https:\/\/[^\s"'<>]+$/.test(row.explorer)
      ? `${row.explorer}/address/${encodeURIComponent(row.address)}`
      : null,
    syncedAt: row.synced_at?.toISOString() ?? null,
    sync:
      row.job_id === null
        ? null
        : {
            jobId: row.job_id,
            state: row.job_state === 'active' ? 'active' : 'waiting',
            done: row.job_done ?? 0,
            canCancel: row.job_cancellable,
          },
    problem: row.problem && { ...row.problem, remedy: remedyOf(row.problem.code) },
    gaps: row.gaps,
    createdAt: row.created_at.toISOString(),
  };
}
