import { Injectable } from '@nestjs/common';
import { handle, type HandledJob } from '@scani/jobs';
import { SyncWallet, syncWallet } from './sync-wallet.job.js';
import { SyncWallets, syncWallets, walletNight } from './sync-wallets.job.js';

/** All work of integrations, for the worker. */
@Injectable()
export class IntegrationJobs {
  constructor(
    private readonly one: SyncWallet,
    private readonly all: SyncWallets,
  ) {}

  handlers(): HandledJob[] {
    return [
      handle(syncWallet, (payload, context) => this.one.run(payload, context)),
      handle(syncWallets, (_, context) => this.all.look(context)),
      handle(walletNight, (_, { jobId }) => this.all.readAll(jobId)),
    ];
  }
}
