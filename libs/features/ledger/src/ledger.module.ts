import { Module } from '@nestjs/common';
import { Market } from '@scani/market';
import { AccountsService } from './accounts/accounts.service.js';
import { InstitutionsController } from './accounts/institutions.controller.js';
import { AnchorQueries } from './anchor.queries.js';
import { CorrectionsService } from './corrections.service.js';
import { EntriesController } from './entries/entries.controller.js';
import { EntriesService } from './entries/entries.service.js';
import { GroupsController } from './groups/groups.controller.js';
import { GroupsService } from './groups/groups.service.js';
import { LedgerQueries } from './ledger.queries.js';
import { LedgerService } from './ledger.service.js';
import { ObservationsController } from './observations/observations.controller.js';
import { ObservationsService } from './observations/observations.service.js';

/** What the other slices use of the ledger, in every process. */
@Module({
  imports: [Market],
  providers: [LedgerService, LedgerQueries, AnchorQueries, CorrectionsService],
  exports: [LedgerService, LedgerQueries, AnchorQueries, CorrectionsService],
})
export class Ledger {}

@Module({
  imports: [Ledger, Market],
  controllers: [InstitutionsController, EntriesController, ObservationsController, GroupsController],
  providers: [AccountsService, EntriesService, ObservationsService, GroupsService],
  exports: [AccountsService, ObservationsService],
})
export class LedgerHttp {}
