import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Forbidden, logHash, PUBLIC, SignedOut, tellEgress } from '@scani/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { checkScope, type IssuedKey, IssuedKeys } from './issued-keys.js';
import { METERED, type Operation, TARIFF } from './tariff.js';

/** The keys of the installation that this data-provider belongs to, as they are now. */
export const API_KEYS = Symbol('API_KEYS');
export type ApiKeys = () => readonly string[];

/** Null where this data-provider issues no keys. */
export const ISSUED_KEYS = Symbol('ISSUED_KEYS');

/** Under which keys have their names in the egress ledger. */
export const KEY_PEPPER = Symbol('KEY_PEPPER');

/** A request that came with an issued key. */
export interface KeyedRequest extends FastifyRequest {
  issuedKey?: IssuedKey;
}

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/** No route without a key, unless it says that it is public. */
@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(API_KEYS) private readonly keys: ApiKeys,
    @Inject(ISSUED_KEYS) private readonly issued: IssuedKeys | null,
    @Inject(KEY_PEPPER) private readonly pepper: string,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isPublic) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<KeyedRequest>();
    try {
      const operation = this.reflector.get<Operation | undefined>(METERED, context.getHandler());
      tellEgress({ purpose: (operation && TARIFF[operation].scope) ?? 'other' });
      const issued = await this.keyOf(request.headers.authorization);
      if (issued === 'own') return true;
      checkRoute(issued, operation);
      request.issuedKey = issued;
      tellEgress({ key: logHash(this.pepper, issued.id) });
      return true;
    } catch (error) {
      if (error instanceof SignedOut) {
        void http.getResponse<FastifyReply>().header('www-authenticate', 'Bearer realm="scani"');
      }
      throw error;
    }
  }

  /** Whose key this is. Throws SignedOut. */
  async keyOf(authorization: string | undefined): Promise<IssuedKey | 'own'> {
    const key = BEARER.exec(authorization ?? '')?.[1];
    if (key === undefined) {
      throw new SignedOut('key-missing', 'Send the key of this data-provider as "Authorization: Bearer <key>".');
    }
    if (this.opens(digestOf(key))) return 'own';
    const issued = await this.issued?.open(key);
    if (!issued) throw new SignedOut('key-unknown', this.unknown);
    return issued;
  }

  private get unknown(): string {
    return this.issued
      ? 'This key is not known here. Compare SCANI_CLOUD_API_KEY with the key that was issued.'
      : 'This key is not known here. Compare SCANI_CLOUD_API_KEY with DATA_PROVIDER_API_KEY.';
  }

  /** Looks at all keys, whichever opens, so that the time says nothing. */
  private opens(digest: Buffer): boolean {
    return this.keys().filter((known) => timingSafeEqual(digest, digestOf(known))).length > 0;
  }
}

/** Throws Forbidden where a key was not issued for this. */
export function checkRoute(key: IssuedKey, operation: Operation | undefined): void {
  if (operation === undefined) throw new Forbidden('key-scope', 'Issued keys may not be used for this.');
  checkScope(key, TARIFF[operation].scope);
}

/** Digests have one length, so that comparing them takes one time. */
const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
