import { Module } from '@nestjs/common';
import { EventPublisher, JobQueue } from '@scani/jobs';
import { Ledger, LedgerHttp, LedgerQueries } from '@scani/ledger';
import { Market, PricesService, RateQueries } from '@scani/market';
import { DataSource } from 'typeorm';
import { ExplainController } from './explain/explain.controller.js';
import { ExplainGain } from './explain/explain-gain.js';
import { ExplainReturn } from './explain/explain-return.js';
import { ExplainValue } from './explain/explain-value.js';
import { GainsController } from './gains/gains.controller.js';
import { GainsBuilder } from './gains/gains.builder.js';
import { GainsJobs } from './gains/gains.jobs.js';
import { GainsLedger } from './gains/gains.ledger.js';
import { GainsQueries } from './gains/gains.queries.js';
import { GainsService } from './gains/gains.service.js';
import { LotChoicesService } from './gains/lot-choices.service.js';
import { OverviewController } from './overview/overview.controller.js';
import { OverviewService } from './overview/overview.service.js';
import { PerformanceController } from './performance/performance.controller.js';
import { PerformanceQueries } from './performance/performance.queries.js';
import { PerformanceService } from './performance/performance.service.js';
import { PositionsController } from './positions/positions.controller.js';
import { PositionsService } from './positions/positions.service.js';
import { RollupBuilder } from './rollup/rollup.builder.js';
import { RollupEvidence } from './rollup/rollup.evidence.js';
import { RollupJobs } from './rollup/rollup.jobs.js';
import { RollupQueries } from './rollup/rollup.queries.js';
import { ValuationQueries } from './valuation.queries.js';
import { VaultsController } from './vaults/vaults.controller.js';
import { VaultsService } from './vaults/vaults.service.js';

@Module({
  imports: [Ledger, LedgerHttp, Market],
  controllers: [
    ExplainController,
    OverviewController,
    PerformanceController,
    PositionsController,
    GainsController,
    VaultsController,
  ],
  providers: [
    ExplainGain,
    ExplainReturn,
    ExplainValue,
    OverviewService,
    PerformanceQueries,
    PerformanceService,
    PositionsService,
    GainsLedger,
    GainsService,
    LotChoicesService,
    GainsQueries,
    RollupQueries,
    ValuationQueries,
    VaultsService,
  ],
})
export class PortfolioHttp {}

@Module({
  imports: [Ledger, Market],
  providers: [
    ValuationQueries,
    RollupEvidence,
    GainsLedger,
    {
      provide: GainsBuilder,
      useFactory: (...[source, ledger, valuations]: ConstructorParameters<typeof GainsBuilder>) =>
        new GainsBuilder(source, ledger, valuations),
      inject: [DataSource, GainsLedger, ValuationQueries],
    },
    {
      provide: GainsJobs,
      useFactory: (...[builder, events]: ConstructorParameters<typeof GainsJobs>) => new GainsJobs(builder, events),
      inject: [GainsBuilder, EventPublisher],
    },
    {
      provide: RollupBuilder,
      useFactory: (...parts: ConstructorParameters<typeof RollupBuilder>) => new RollupBuilder(...parts),
      inject: [DataSource, LedgerQueries, RateQueries, PricesService, ValuationQueries, RollupEvidence, JobQueue],
    },
    {
      provide: RollupJobs,
      useFactory: (...[source, builder, events, jobs]: ConstructorParameters<typeof RollupJobs>) =>
        new RollupJobs(source, builder, events, jobs),
      inject: [DataSource, RollupBuilder, EventPublisher, JobQueue],
    },
  ],
  exports: [RollupBuilder, RollupJobs, GainsJobs],
})
export class PortfolioJobs {}
