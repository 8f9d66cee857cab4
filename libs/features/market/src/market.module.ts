import { Module } from '@nestjs/common';
import { CloudClient } from '@scani/cloud';
import { JobQueue } from '@scani/jobs';
import { DataSource } from 'typeorm';
import { AssetsController } from './assets/assets.controller.js';
import { AssetsService } from './assets/assets.service.js';
import { ChainAssets } from './assets/chain-assets.js';
import { HistoryFiller } from './prices/history-filler.js';
import { MomentRatesQueries } from './prices/moment-rates.queries.js';
import { PriceJobs } from './prices/price.jobs.js';
import { PricesController } from './prices/prices.controller.js';
import { PricesService } from './prices/prices.service.js';
import { RateQueries } from './prices/rate.queries.js';

/** What the other slices use of the market, in every process. */
@Module({
  providers: [AssetsService, ChainAssets, PricesService, RateQueries, MomentRatesQueries],
  exports: [AssetsService, ChainAssets, PricesService, RateQueries, MomentRatesQueries],
})
export class Market {}

@Module({ imports: [Market], controllers: [AssetsController, PricesController] })
export class MarketHttp {}

@Module({
  imports: [Market],
  providers: [
    {
      provide: PriceJobs,
      useFactory: (source: DataSource, cloud: CloudClient, prices: PricesService, jobs: JobQueue) =>
        new PriceJobs(source, cloud, prices, jobs, new HistoryFiller(source, cloud, prices, jobs)),
      inject: [DataSource, CloudClient, PricesService, JobQueue],
    },
  ],
  exports: [PriceJobs],
})
export class MarketJobs {}
