import { Injectable } from '@nestjs/common';
import { handle, type HandledJob } from '@scani/jobs';
import { scoreNight, scoreTokens, TokenScores } from './score-tokens.job.js';
import { SyncWallet, syncWallet } from './sync-wallet.job.js';
import { SyncWallets, syncWallets, walletNight } from './sync-wallets.job.js';

/** All work of integrations, for the worker. */
@Injectable()
export class IntegrationJobs {
  constructor(
    private readonly one: SyncWallet,
    private readonly all: SyncWallets,
    private readonly scores: TokenScores,
  ) {}

  handlers(): HandledJob[] {
    return [
      handle(syncWallet, (payload, context) => this.one.run(payload, context)),
      handle(syncWallets, (_, context) => this.all.look(context)),
      handle(scoreTokens, (payload) => this.scores.run(payload)),
      handle(scoreNight, (_, context) => this.scores.runAll(context)),
      handle(walletNight, (_, { jobId }) => this.all.readAll(jobId)),
    ];
  }
}
