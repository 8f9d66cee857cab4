import { Module } from '@nestjs/common';
import { Ledger, LedgerHttp } from '@scani/ledger';
import { Market } from '@scani/market';
import { IntegrationJobs } from './integration.jobs.js';
import { TokenScores } from './score-tokens.job.js';
import { SyncWallet } from './sync-wallet.job.js';
import { SyncWallets } from './sync-wallets.job.js';
import { TrialSync } from './trial-sync.js';
import { AddressLookUp } from './wallets/address.look-up.js';
import { Chains } from './wallets/chains.js';
import { WalletLedger } from './wallets/wallet.ledger.js';
import { WalletQueries } from './wallets/wallet.queries.js';
import { WalletsController } from './wallets/wallets.controller.js';
import { WalletsService } from './wallets/wallets.service.js';

@Module({
  imports: [LedgerHttp],
  controllers: [WalletsController],
  providers: [AddressLookUp, Chains, WalletQueries, WalletsService],
  exports: [WalletsService],
})
export class IntegrationsHttp {}

/** For those who try whether syncs work. */
@Module({ providers: [TrialSync], exports: [TrialSync] })
export class IntegrationsTrial {}

@Module({
  imports: [Ledger, Market],
  providers: [IntegrationJobs, SyncWallet, SyncWallets, TokenScores, WalletLedger],
  exports: [IntegrationJobs],
})
export class IntegrationsJobs {}
