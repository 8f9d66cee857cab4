import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { beforeCommit, type Db, rowOf } from '@scani/database';
import { Conflict, Invalid } from '@scani/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import type { Principal } from './principal.js';

const KEY = /^[\w-]{8,100}$/;
/** A request that was never answered (its process was killed) frees its key after this. */
const ABANDONED = `interval '40 seconds'`;
/** In place of a status: it is done, and its answer is not kept yet. */
const DONE = 0;

const ANSWERED_ONCE = 'scani:answered-once';
/** Its answer holds what must not be kept: a repeat hears that it was done, and not the answer again. */
export const AnsweredOnce = (): MethodDecorator => SetMetadata(ANSWERED_ONCE, true);

interface Known {
  request_hash: Buffer;
  status: number | null;
  body: unknown;
}

const MINE = 'user_id = $1 and key = $2 and created_at = $3::text::timestamptz';

async function markDone(db: Db, mine: readonly string[]): Promise<void> {
  const marked = await rowOf(db, `update idempotency_key set status = ${DONE} where ${MINE} returning key`, [...mine]);
  if (!marked) throw new Conflict('still-working', 'A later request with this key is being worked on.');
}

/**
 * A POST with the same `Idempotency-Key` is done once; repeats get the first answer. Keys are kept for a day. That it is done
 * is written by the transaction that does it, so a connection that is lost around its commit leaves no doubt, and one of two
 * that had the key after each other is rolled back.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly source: DataSource,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user?: Principal }>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined || !request.user?.userId) return next.handle();
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new Invalid('bad-idempotency-key', 'Idempotency-Key must be 8 to 100 letters, digits, - or _.');
    }
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const keeps = this.reflector.get<boolean | undefined>(ANSWERED_ONCE, context.getHandler()) !== true;
    return from(this.answer(request.user.userId, key, request, reply, next, keeps));
  }

  private async answer(
    userId: string,
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
    keeps: boolean,
  ): Promise<unknown> {
    const hash = createHash('sha256')
      .update(`${request.url}\n${JSON.stringify(request.body ?? null)}`)
      .digest();
    const turn = await this.take(userId, key, hash);
    if (typeof turn !== 'string') return this.repeat(turn, hash, reply);
    const mine = [userId, key, turn];
    let body: unknown;
    try {
      body = await beforeCommit(
        (db) => markDone(db, mine),
        () => lastValueFrom(next.handle(), { defaultValue: null }),
      );
    } catch (error) {
      // Where that fails too, the key is free again a little later.
      await this.source
        .query(`delete from idempotency_key where ${MINE} and status is null`, mine)
        .catch(() => undefined);
      throw error;
    }
    if (!keeps) return body;
    // It is done, whether or not its answer can be kept.
    await this.source
      .query(`update idempotency_key set status = $4, body = $5 where ${MINE}`, [
        ...mine,
        reply.statusCode,
        JSON.stringify(body ?? null),
      ])
      .catch(() => undefined);
    return body;
  }

  /** A text: the key is ours, from that moment on, and the request is to be done. */
  private async take(userId: string, key: string, hash: Buffer): Promise<Known | string> {
    const taken = await rowOf<{ turn: string }>(
      this.source,
      `insert into idempotency_key (user_id, key, request_hash) values ($1, $2, $3)
       on conflict (user_id, key) do update set created_at = now(), request_hash = excluded.request_hash
         where idempotency_key.status is null and idempotency_key.created_at < now() - ${ABANDONED}
       returning created_at::text as turn`,
      [userId, key, hash],
    );
    if (taken) return taken.turn;
    const known = await rowOf<Known>(
      this.source,
      'select request_hash, status, body from idempotency_key where user_id = $1 and key = $2',
      [userId, key],
    );
    // It failed between the two statements.
    return known ?? this.take(userId, key, hash);
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
    if (known.status === DONE) {
      throw new Conflict(
        'already-done',
        'This was done, but its answer was lost on the way. Look at what is there before you send it again.',
      );
    }
    void reply.status(known.status).header('idempotency-replayed', 'true');
    return known.body;
  }
}
