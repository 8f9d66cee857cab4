import { Module } from '@nestjs/common';
import { Market } from '@scani/market';
import { AccountsService } from './accounts/accounts.service.js';
import { InstitutionsController } from './accounts/institutions.controller.js';
import { ActionsController } from './actions/actions.controller.js';
import { ActionsService } from './actions/actions.service.js';
import { AnchorQueries } from './anchor.queries.js';
import { CloseHoldings } from './close-holdings.job.js';
import { CorrectionsService } from './corrections.service.js';
import { DigestController } from './digest/digest.controller.js';
import { DigestJobs } from './digest/digest.jobs.js';
import { DigestQueries } from './digest/digest.queries.js';
import { EntriesController } from './entries/entries.controller.js';
import { EntriesService } from './entries/entries.service.js';
import { GroupsController } from './groups/groups.controller.js';
import { GroupsService } from './groups/groups.service.js';
import { LedgerQueries } from './ledger.queries.js';
import { LedgerService } from './ledger.service.js';
import { ObservationsController } from './observations/observations.controller.js';
import { ObservationsService } from './observations/observations.service.js';
import { TransferJobs } from './transfers/link-transfers.job.js';
import { TransferRulesController } from './transfers/transfer-rules.controller.js';
import { TransferRulesService } from './transfers/transfer-rules.service.js';
import { TransfersController } from './transfers/transfers.controller.js';
import { TransfersQueries } from './transfers/transfers.queries.js';
import { TransfersService } from './transfers/transfers.service.js';
import { LedgerVerifier } from './verify/ledger.verifier.js';
import { YieldJobs } from './yields/accrue-yield.job.js';
import { YieldsController } from './yields/yields.controller.js';
import { YieldsService } from './yields/yields.service.js';

/** What the other slices use of the ledger, in every process. */
@Module({
  imports: [Market],
  providers: [LedgerService, LedgerQueries, AnchorQueries, CorrectionsService, DigestQueries, LedgerVerifier],
  exports: [LedgerService, LedgerQueries, AnchorQueries, CorrectionsService, DigestQueries, LedgerVerifier],
})
export class Ledger {}

@Module({
  imports: [Ledger, Market],
  controllers: [
    ActionsController,
    DigestController,
    InstitutionsController,
    EntriesController,
    ObservationsController,
    GroupsController,
    TransfersController,
    TransferRulesController,
    YieldsController,
  ],
  providers: [
    ActionsService,
    AccountsService,
    EntriesService,
    ObservationsService,
    GroupsService,
    TransfersService,
    TransfersQueries,
    TransferRulesService,
    YieldsService,
  ],
  exports: [AccountsService, ObservationsService],
})
export class LedgerHttp {}

@Module({
  imports: [Ledger],
  providers: [CloseHoldings, DigestJobs, TransferJobs, YieldJobs],
  exports: [CloseHoldings, DigestJobs, TransferJobs, YieldJobs],
})
export class LedgerJobs {}
