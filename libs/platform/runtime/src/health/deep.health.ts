import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../http/public.js';
import { sharedLook } from '../metrics.js';
import { type CheckResult, DEEP_CHECKS, READINESS_CHECKS, type ReadinessCheck, runChecks } from './checks.js';

const CHECK_MS = 5_000;
/** Everybody may ask, so all who ask within this time share one look. */
const SHARED_MS = 5_000;
const USER_OF_URL = /(?<=:\/\/)[^\s/?#"'<>]*@/g;

interface DeepHealth {
  status: 'ok' | 'error';
  details: Record<string, CheckResult & { ms: number }>;
}

@ApiExcludeController()
@Public()
@Controller()
export class DeepHealthController {
  private readonly look: () => Promise<DeepHealth>;

  constructor(
    @Inject(READINESS_CHECKS) readiness: readonly ReadinessCheck[],
    @Inject(DEEP_CHECKS) deep: readonly ReadinessCheck[],
  ) {
    this.look = sharedLook(SHARED_MS, () => lookAt([...readiness, ...deep]));
  }

  /** For people, not for a kubelet: everything that the process needs, each within 5 seconds. */
  @Get('healthz/deep')
  async deep(@Res({ passthrough: true }) reply: FastifyReply): Promise<DeepHealth> {
    const health = await this.look();
    void reply.status(health.status === 'ok' ? 200 : 503).header('cache-control', 'no-store');
    return health;
  }
}

async function lookAt(checks: readonly ReadinessCheck[]): Promise<DeepHealth> {
  const results = await runChecks(checks, CHECK_MS);
  const details = Object.fromEntries(results.map(({ name, ...result }) => [name, result]));
  return {
    status: results.some(({ state }) => state === 'down') ? 'error' : 'ok',
    details: withoutUsers(details),
  };
}

/** Errors of clients may quote the address that they were given. */
const withoutUsers = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(USER_OF_URL, '')) as T;
