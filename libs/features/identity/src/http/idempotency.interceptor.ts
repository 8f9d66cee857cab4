import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { rowOf } from '@scani/database';
import { Conflict, Invalid } from '@scani/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import type { Principal } from './principal.js';

const KEY = /^[\w-]{8,100}$/;
/** A request that was never answered (its process was killed) frees its key after this. */
const ABANDONED = `interval '2 minutes'`;

interface Known {
  request_hash: Buffer;
  status: number | null;
  body: unknown;
}

/** A POST with the same `Idempotency-Key` is done once; repeats get the first answer. Keys are kept for a day. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly source: DataSource) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user?: Principal }>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined || !request.user?.userId) return next.handle();
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new Invalid('bad-idempotency-key', 'Idempotency-Key must be 8 to 100 letters, digits, - or _.');
    }
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return from(this.answer(request.user.userId, key, request, reply, next));
  }

  private async answer(
    userId: string,
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    const hash = createHash('sha256')
      .update(`${request.url}\n${JSON.stringify(request.body ?? null)}`)
      .digest();
    const known = await this.take(userId, key, hash);
    if (known) return this.repeat(known, hash, reply);
    try {
      const body: unknown = await lastValueFrom(next.handle(), { defaultValue: null });
      await this.source.query('update idempotency_key set status = $3, body = $4 where user_id = $1 and key = $2', [
        userId,
        key,
        reply.statusCode,
        JSON.stringify(body ?? null),
      ]);
      return body;
    } catch (error) {
      await this.source.query('delete from idempotency_key where user_id = $1 and key = $2', [userId, key]);
      throw error;
    }
  }

  /** Undefined: the key is ours and the request is to be done. */
  private async take(userId: string, key: string, hash: Buffer): Promise<Known | undefined> {
    const taken = await rowOf(
      this.source,
      `insert into idempotency_key (user_id, key, request_hash) values ($1, $2, $3)
       on conflict (user_id, key) do update set created_at = now(), request_hash = excluded.request_hash
         where idempotency_key.status is null and idempotency_key.created_at < now() - ${ABANDONED}
       returning key`,
      [userId, key, hash],
    );
    if (taken) return undefined;
    return rowOf<Known>(
      this.source,
      'select request_hash, status, body from idempotency_key where user_id = $1 and key = $2',
      [userId, key],
    );
  }

  private repeat(known: Known, hash: Buffer, reply: FastifyReply): unknown {
    if (!known.request_hash.equals(hash)) {
      throw new Invalid(
        'idempotency-key-reused',
        'This Idempotency-Key was used for a different request. Use a new one.',
      );
    }
    if (known.status === null)
      throw new Conflict('still-working', 'The first request with this key is still being worked on.');
    void reply.status(known.status).header('idempotency-replayed', 'true');
    return known.body;
  }
}
