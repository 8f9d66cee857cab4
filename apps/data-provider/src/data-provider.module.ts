import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { PostgresCheck, SchemaGate } from '@scani/database';
import { RedisCheck, type RedisClient } from '@scani/jobs';
import { HealthModule, liveOf, logModule } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { AiController } from './ai/ai.controller.js';
import { AI_SETTINGS, type AiSettings, AiService } from './ai/ai.service.js';
import { AssetSearchController } from './asset-search/asset-search.controller.js';
import { AssetSearchService } from './asset-search/asset-search.service.js';
import { CapabilitiesController } from './capabilities/capabilities.controller.js';
import { ChainCache } from './chains/chain-cache.js';
import { ChainsController } from './chains/chains.controller.js';
import { ChainsService, WALLETS_MS } from './chains/chains.service.js';
import { type DataProviderEnv } from './env.js';
import { checksOf, deepChecksOf } from './health.js';
import { IssuedKeysModule, NoIssuedKeysModule } from './keys/issued-keys.module.js';
import { API_KEYS, type ApiKeys, KEY_PEPPER, KeyGuard } from './keys/key.guard.js';
import { MeteringInterceptor } from './keys/metering.interceptor.js';
import { LinksController } from './links/links.controller.js';
import { LinksService } from './links/links.service.js';
import { MailModule } from './mail/mail.module.js';
import { MailService } from './mail/mail.service.js';
import { Outside, type OutsideOptions } from './outside/outside.js';
import { DEPLOYED_VERSION } from './capabilities/capabilities.controller.js';
import { HistoriesService } from './prices/histories.service.js';
import { PriceCache } from './prices/price-cache.js';
import { PricesController } from './prices/prices.controller.js';
import { PricesService } from './prices/prices.service.js';
import { SHARED_REDIS, SharedModule } from './shared/shared.module.js';
import { VERSION } from './version.js';

@Module({})
export class DataProviderModule {
  static register(env: DataProviderEnv, options: OutsideOptions): DynamicModule {
    const outside = {
      provide: Outside,
      useFactory: (redis: RedisClient | null) => new Outside(env, options, redis),
      inject: [SHARED_REDIS],
    };
    const outsideModule: DynamicModule = { module: class OutsideModule {}, providers: [outside], exports: [Outside] };
    const mail = MailModule.register(env);
    const keys = env.CLOUD_MANAGEMENT_ENABLED
      ? IssuedKeysModule.register(env, outsideModule)
      : NoIssuedKeysModule.register();
    return {
      module: DataProviderModule,
      imports: [
        logModule('data-provider', env),
        SharedModule.register(env),
        outsideModule,
        mail,
        keys,
        HealthModule.register({
          deep: { inject: [Outside, MailService], checks: deepChecksOf },
          imports: [outsideModule, mail, keys],
          inject: [Outside, MailService, SHARED_REDIS, { token: DataSource, optional: true }],
          checks: (sources: Outside, mails: MailService, redis: RedisClient | null, source?: DataSource) => [
            ...checksOf(sources, mails),
            ...(source ? [new PostgresCheck(source), new SchemaGate(source)] : []),
            ...(redis ? [new RedisCheck(redis, 'degraded')] : []),
          ],
        }),
      ],
      controllers: [
        PricesController,
        AssetSearchController,
        LinksController,
        AiController,
        ChainsController,
        CapabilitiesController,
      ],
      providers: [
        PriceCache,
        PricesService,
        HistoriesService,
        AssetSearchService,
        LinksService,
        AiService,
        ChainCache,
        ChainsService,
        { provide: WALLETS_MS, useValue: options.walletsMs ?? 20_000 },
        { provide: AI_SETTINGS, useValue: aiOf(env) },
        { provide: KEY_PEPPER, useValue: env.LOG_ID_PEPPER },
        { provide: API_KEYS, useValue: keysOf(env) },
        { provide: DEPLOYED_VERSION, useValue: env.SCANI_IMAGE_TAG ?? VERSION },
        KeyGuard,
        { provide: APP_GUARD, useExisting: KeyGuard },
        { provide: APP_INTERCEPTOR, useClass: MeteringInterceptor },
      ],
    };
  }
}

function keysOf(env: DataProviderEnv): ApiKeys {
  const own = liveOf(env, 'DATA_PROVIDER_API_KEY');
  const previous = liveOf(env, 'DATA_PROVIDER_API_KEY_PREVIOUS');
  return () => (previous.current === undefined ? [own.current] : [own.current, previous.current]);
}

const aiOf = (env: DataProviderEnv): AiSettings => ({
  url: env.AI_URL,
  key: liveOf(env, 'OPENAI_API_KEY'),
  cost: { input: env.AI_COST_PER_MILLION_INPUT, output: env.AI_COST_PER_MILLION_OUTPUT },
});
