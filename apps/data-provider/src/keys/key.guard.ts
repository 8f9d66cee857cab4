import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { PUBLIC, SignedOut } from '@scani/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';

/** The keys that open, as they are now. */
export const API_KEYS = Symbol('API_KEYS');
export type ApiKeys = () => readonly string[];

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/** No route without the key, unless it says that it is public. */
@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(API_KEYS) private readonly keys: ApiKeys,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isPublic) return true;
    const http = context.switchToHttp();
    const key = BEARER.exec(http.getRequest<FastifyRequest>().headers.authorization ?? '')?.[1];
    if (key !== undefined && this.opens(digestOf(key))) return true;
    void http.getResponse<FastifyReply>().header('www-authenticate', 'Bearer realm="scani"');
    throw key === undefined
      ? new SignedOut('key-missing', 'Send the key of this data-provider as "Authorization: Bearer <key>".')
      : new SignedOut(
          'key-unknown',
          'This key is not known here. Compare SCANI_CLOUD_API_KEY with DATA_PROVIDER_API_KEY.',
        );
  }

  /** Looks at all keys, whichever opens, so that the time says nothing. */
  private opens(digest: Buffer): boolean {
    return this.keys().filter((known) => timingSafeEqual(digest, digestOf(known))).length > 0;
  }
}

/** Digests have one length, so that comparing them takes one time. */
const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
