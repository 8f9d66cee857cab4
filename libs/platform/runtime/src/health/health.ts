import { Controller, type DynamicModule, Get, Inject, Module, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import {
  HealthCheckService,
  type HealthIndicatorResult,
  HealthIndicatorService,
  TerminusModule,
} from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { DEEP_CHECKS, READINESS_CHECKS, type ReadinessCheck, runChecks } from './checks.js';
import { DeepHealthController } from './deep.health.js';
import { isDraining } from '../http/drain.js';
import { Public } from '../http/public.js';

export * from './checks.js';

@ApiExcludeController()
@Public()
@Controller()
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    @Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[],
  ) {}

  /** Alive means: the event loop turns. No dependency may make a kubelet restart a healthy process. */
  @Get(['livez', 'health'])
  livez(): { status: string } {
    return { status: 'ok' };
  }

  /** The same body whether ready or not: who is not ready says what is missing. */
  @Get('readyz')
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    try {
      return await this.look();
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      void reply.status(error.getStatus());
      return error.getResponse();
    }
  }

  private async look(): Promise<unknown> {
    const results = await runChecks(this.checks);
    if (isDraining()) results.push({ name: 'process', state: 'down', detail: 'draining', ms: 0 });
    return this.health.check(
      results.map((result) => () => {
        const session = this.indicator.check(result.name);
        const body = {
          state: result.state,
          ms: result.ms,
          ...(result.detail ? { detail: result.detail } : {}),
          ...result.facts,
        };
        return (result.state === 'down' ? session.down(body) : session.up(body)) as HealthIndicatorResult;
      }),
    );
  }
}

@Module({})
export class HealthModule {
  /** `checks` is a factory over injected parts, so that each app lists its own. */
  static register(options: {
    imports?: DynamicModule['imports'];
    inject?: unknown[];
    checks: (...parts: never[]) => ReadinessCheck[];
    /** What people see beside them at /healthz/deep. */
    deep: { inject: unknown[]; checks: (...parts: never[]) => ReadinessCheck[] };
  }): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false, gracefulShutdownTimeoutMs: 0 }), ...(options.imports ?? [])],
      controllers: [HealthController, DeepHealthController],
      providers: [
        { provide: READINESS_CHECKS, useFactory: options.checks as never, inject: (options.inject ?? []) as never[] },
        { provide: DEEP_CHECKS, useFactory: options.deep.checks as never, inject: options.deep.inject as never[] },
      ],
      exports: [READINESS_CHECKS],
    };
  }
}
