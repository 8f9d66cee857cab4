import { Controller, type DynamicModule, Get, Inject, Module, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import {
  HealthCheckService,
  type HealthIndicatorResult,
  HealthIndicatorService,
  TerminusModule,
} from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { isDraining } from '../http/drain.js';
import { Public } from '../http/public.js';

export type CheckState = 'ok' | 'degraded' | 'down';

/** What one part of a process says of itself. `down` makes the process unready, `degraded` does not. */
export interface CheckResult {
  state: CheckState;
  detail?: string;
  facts?: Record<string, unknown>;
}

/** A named readiness check. It may take 800 ms. */
export interface ReadinessCheck {
  readonly name: string;
  /** What silence and failure mean; `down` unless told. */
  readonly lossMeans?: Exclude<CheckState, 'ok'>;
  check(): Promise<CheckResult>;
}

export const READINESS_CHECKS = Symbol('READINESS_CHECKS');
const CHECK_MS = 800;
const ASK_AGAIN_MS = 5_000;

/** Runs all checks at once, each within its time. */
export async function runChecks(
  checks: readonly ReadinessCheck[],
): Promise<(CheckResult & { name: string; ms: number })[]> {
  return Promise.all(
    checks.map(async (one) => {
      const started = performance.now();
      const result = await withinTime(one, running(one));
      return { name: one.name, ...result, ms: Math.round(performance.now() - started) };
    }),
  );
}

const unanswered = new WeakMap<ReadinessCheck, { asked: Promise<CheckResult>; at: number }>();

/** A part that has gone silent is not asked at every look: each question may hold a connection of a pool. */
function running(one: ReadinessCheck): Promise<CheckResult> {
  const before = unanswered.get(one);
  if (before && Date.now() - before.at < ASK_AGAIN_MS) return before.asked;
  const asked = one.check();
  const question = { asked, at: Date.now() };
  unanswered.set(one, question);
  const answered = (): void => {
    if (unanswered.get(one) === question) unanswered.delete(one);
  };
  asked.then(answered, answered);
  return asked;
}

async function withinTime(one: ReadinessCheck, asked: Promise<CheckResult>): Promise<CheckResult> {
  const state = one.lossMeans ?? 'down';
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ state, detail: `no answer within ${CHECK_MS} ms` }), CHECK_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    return { state, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

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
  }): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false, gracefulShutdownTimeoutMs: 0 }), ...(options.imports ?? [])],
      controllers: [HealthController],
      providers: [
        { provide: READINESS_CHECKS, useFactory: options.checks as never, inject: (options.inject ?? []) as never[] },
      ],
      exports: [READINESS_CHECKS],
    };
  }
}
