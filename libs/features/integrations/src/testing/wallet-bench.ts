import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { ChainAsset, ChainMovement } from '@scani/cloud';
import { CloudModule } from '@scani/cloud';
import { rowOf, rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { JobsModule } from '@scani/jobs';
import { testRedisUrl } from '@scani/jobs/testing';
import { EFFECTIVE_TRANSACTION, LedgerJobs, TransferJobs } from '@scani/ledger';
import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { IntegrationsJobs } from '../integrations.module.js';
import { SyncWallet } from '../sync-wallet.job.js';
import { SyncWallets } from '../sync-wallets.job.js';
import { type FollowedWallet, FOLLOWED_COLUMNS, WalletLedger } from '../wallets/wallet.ledger.js';

/** The wallets of one installation on a database of their own, without anybody who tells what is in them. */
export class WalletBench {
  private constructor(
    readonly db: TestDatabase,
    private readonly module: TestingModule,
  ) {}

  /** `cloudUrl`: who is asked about chains. Nothing listens at the one that is taken without it. */
  static async start(cloudUrl = 'http://127.0.0.1:9'): Promise<WalletBench> {
    const db = await testDatabase();
    @Global()
    @Module({ providers: [{ provide: DataSource, useValue: db.source }], exports: [DataSource] })
    class Database {}
    const module = await Test.createTestingModule({
      imports: [
        Database,
        JobsModule.register(testRedisUrl(), 'test'),
        CloudModule.register({ SCANI_CLOUD_URL: cloudUrl, SCANI_CLOUD_API_KEY: 'unused' }),
        IntegrationsJobs,
        LedgerJobs,
      ],
    }).compile();
    return new WalletBench(db, module);
  }

  get ledger(): WalletLedger {
    return this.module.get(WalletLedger);
  }

  get hourly(): SyncWallets {
    return this.module.get(SyncWallets);
  }

  get reader(): SyncWallet {
    return this.module.get(SyncWallet);
  }

  get transfers(): TransferJobs {
    return this.module.get(TransferJobs);
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.db.drop();
  }

  async person(): Promise<string> {
    const id = randomUUID();
    await this.db.source.query(`insert into users (id, email, role) values ($1, $2, 'owner')`, [
      id,
      `${id}@example.org`,
    ]);
    return id;
  }

  /** An account and the wallet in it; accounts of one `institution` are one wallet on several chains. */
  async wallet(
    userId: string,
    chain = 'ethereum',
    address: string = randomUUID(),
    institution = address,
  ): Promise<string> {
    const id = randomUUID();
    await this.db.source.query(
      `with place as (
         insert into institution (id, user_id, name, kind) values (gen_random_uuid(), $2, $5, 'wallet')
         on conflict (user_id, name) do update set name = excluded.name returning id),
       account as (
         insert into account (id, user_id, institution_id, name, kind, currency)
         select gen_random_uuid(), $2, place.id, $3, 'asset', 'EUR' from place returning id)
       insert into wallet (id, user_id, account_id, chain, chain_name, explorer, address)
       select $1, $2, account.id, $3, $3, 'https://explorer.example', $4 from account`,
      [id, userId, chain, address, institution],
    );
    return id;
  }

  async followed(id: string): Promise<FollowedWallet> {
    return (await rowOf<FollowedWallet>(this.db.source, `select ${FOLLOWED_COLUMNS} from wallet where id = $1`, [
      id,
    ])) as FollowedWallet;
  }

  /** Records a page from where the wallet stands. */
  async page(
    id: string,
    movements: readonly ChainMovement[],
    cursor: string = randomUUID(),
  ): Promise<number | undefined> {
    const wallet = await this.followed(id);
    return this.ledger.recordPage(wallet, wallet.cursor, { movements, cursor, more: true });
  }

  async see(id: string, at: string, balances: [ChainAsset, string][], gaps: string[] = []): Promise<boolean> {
    const wallet = await this.followed(id);
    return this.ledger.recordBalances(wallet, wallet.cursor, {
      at,
      balances: balances.map(([asset, quantity]) => ({ asset, quantity })),
      gaps,
    });
  }

  /** Symbols with their balances, in the order of symbols. */
  async balances(id: string): Promise<string[]> {
    const rows = await rowsOf<{ symbol: string; balance: string }>(
      this.db.source,
      `select asset.symbol, trim_scale(holding.balance) as balance from holding join asset on asset.id = holding.asset_id
       join wallet on wallet.account_id = holding.account_id where wallet.id = $1 order by 1, 2`,
      [id],
    );
    return rows.map(({ symbol, balance }) => `${symbol} ${balance}`);
  }

  /** Everything that the ledger says of a wallet, as text that is the same whenever the ledger is. */
  async told(id: string): Promise<string> {
    const rows = await rowsOf<{ line: string }>(
      this.db.source,
      `select concat_ws(' ', asset.symbol, asset_identity.external_id, transaction.kind, trim_scale(quantity), occurred_at, transaction.source,
         transaction.external_id, counterparty, raw) as line
       from transaction join holding on holding.id = transaction.holding_id join asset on asset.id = holding.asset_id
       join wallet on wallet.account_id = holding.account_id
       left join asset_identity on asset_identity.asset_id = asset.id and asset_identity.provider = 'contract'
       where wallet.id = $1 and ${EFFECTIVE_TRANSACTION}
       union all
       select concat_ws(' ', 'seen', asset.symbol, trim_scale(observation.balance), at, observation.source, observation.external_id)
       from observation join holding on holding.id = observation.holding_id join asset on asset.id = holding.asset_id
       join wallet on wallet.account_id = holding.account_id where wallet.id = $1
       order by 1`,
      [id],
    );
    return [...rows.map(({ line }) => line), ...(await this.balances(id))].join('\n');
  }

  async scam(symbol: string): Promise<string | undefined> {
    const row = await rowOf<{ scam: string }>(
      this.db.source,
      'select scam_probability as scam from asset where symbol = $1 and user_id is null',
      [symbol],
    );
    return row?.scam;
  }
}
