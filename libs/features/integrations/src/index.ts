export { IntegrationJobs } from './integration.jobs.js';
export * from './integrations.module.js';
export { scoreNight } from './score-tokens.job.js';
export { syncWallet } from './sync-wallet.job.js';
export { syncWallets, walletNight } from './sync-wallets.job.js';
export { type TrialEnd, TrialSync } from './trial-sync.js';
export { CreateWallets } from './wallets/wallets.dto.js';
export { WalletsService } from './wallets/wallets.service.js';
