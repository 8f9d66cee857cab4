export {
  ACCOUNT_KINDS,
  CreateAccount,
  INSTITUTION_KINDS,
  type InstitutionKind,
  UpdateAccount,
} from './accounts/accounts.dto.js';
export { AccountsService } from './accounts/accounts.service.js';
export { ActionsService } from './actions/actions.service.js';
export * from './anchor.queries.js';
export * from './close-holdings.job.js';
export { CorrectionsService } from './corrections.service.js';
export { type EvidenceChange, noteChanges } from './changes.js';
export * from './digest/digest.jobs.js';
export * from './digest/digest.queries.js';
export * from './digest/ledger.digest.js';
export * from './effective.js';
export { PriceInput } from './entries/entries.dto.js';
export * from './ledger.module.js';
export * from './ledger.news.js';
export * from './ledger.queries.js';
export * from './ledger.service.js';
export { ObservationsService } from './observations/observations.service.js';
export { linkTransfers, TransferJobs, transferNight } from './transfers/link-transfers.job.js';
export * from './verify/ledger.verifier.js';
export { accrueYield, YieldJobs, yieldNight } from './yields/accrue-yield.job.js';
