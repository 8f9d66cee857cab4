import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { HttpException } from '@nestjs/common';
import { COST_HEADER, Refusal } from '@scani/runtime';
import type { FastifyReply } from 'fastify';
import { catchError, from, type Observable, switchMap } from 'rxjs';
import { dollars } from './cost.js';
import { type Charge, CostCeilingReached, type IssuedKey, IssuedKeys } from './issued-keys.js';
import { ISSUED_KEYS, type KeyedRequest } from './key.guard.js';
import { METERED, type Operation } from './tariff.js';

/** Takes from an issued key what its request costs, before the work. */
@Injectable()
export class MeteringInterceptor implements NestInterceptor {
  private readonly log = new Logger('Metering');

  constructor(
    private readonly reflector: Reflector,
    @Inject(ISSUED_KEYS) private readonly issued: IssuedKeys | null,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { issuedKey, body } = context.switchToHttp().getRequest<KeyedRequest>();
    const operation = this.reflector.get<Operation | undefined>(METERED, context.getHandler());
    if (!this.issued || !issuedKey || !operation) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return from(this.charge(this.issued, issuedKey, operation, body, reply)).pipe(
      switchMap((charge) => next.handle().pipe(catchError((error: unknown) => from(this.failed(charge, error))))),
    );
  }

  private async charge(
    issued: IssuedKeys,
    key: IssuedKey,
    operation: Operation,
    body: unknown,
    reply: FastifyReply,
  ): Promise<Charge> {
    try {
      const charge = await issued.charge(key, operation, body);
      void reply.header(COST_HEADER, dollars(charge.amount.cost));
      return charge;
    } catch (error) {
      if (error instanceof CostCeilingReached) void reply.header('retry-after', String(error.retryAfterSeconds));
      throw error;
    }
  }

  private async failed(charge: Charge, error: unknown): Promise<never> {
    try {
      await this.issued?.failed(charge, statusOf(error) >= 500);
    } catch (failure) {
      // The caller hears of what went wrong first; what was taken stays taken.
      this.log.warn(`a charge could not be given back: ${String(failure)}`);
    }
    throw error;
  }
}

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  return error instanceof HttpException ? error.getStatus() : 500;
}
