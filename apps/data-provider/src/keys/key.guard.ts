import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { PUBLIC, SignedOut } from '@scani/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';

export const API_KEY = Symbol('API_KEY');

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/** No route without the key, unless it says that it is public. */
@Injectable()
export class KeyGuard implements CanActivate {
  private readonly expected: Buffer;

  constructor(
    private readonly reflector: Reflector,
    @Inject(API_KEY) key: string,
  ) {
    this.expected = digestOf(key);
  }

  canActivate(context: ExecutionContext): boolean {
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isPublic) return true;
    const http = context.switchToHttp();
    const key = BEARER.exec(http.getRequest<FastifyRequest>().headers.authorization ?? '')?.[1];
    if (key !== undefined && timingSafeEqual(digestOf(key), this.expected)) return true;
    void http.getResponse<FastifyReply>().header('www-authenticate', 'Bearer realm="scani"');
    throw key === undefined
      ? new SignedOut('key-missing', 'Send the key of this data-provider as "Authorization: Bearer <key>".')
      : new SignedOut(
          'key-unknown',
          'This key is not known here. Compare SCANI_CLOUD_API_KEY with DATA_PROVIDER_API_KEY.',
        );
  }
}

/** Digests have one length, so that comparing them takes one time. */
const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
