import '@fastify/cookie';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { Forbidden, PUBLIC, SignedOut, tellEgress } from '@scani/runtime';
import type { FastifyRequest } from 'fastify';
import { SessionsService } from '../sessions/sessions.service.js';
import { ADMIN_ONLY, type Principal } from './principal.js';
import { RequestStrategy } from './request.strategy.js';

export const SESSION_COOKIE = 'scani_session';

@Injectable()
export class SessionStrategy extends PassportStrategy(RequestStrategy, 'session-cookie') {
  constructor(private readonly sessions: SessionsService) {
    super();
  }

  async validate(request: FastifyRequest): Promise<Principal | false> {
    const signed = request.cookies[SESSION_COOKIE];
    const cookie = signed === undefined ? undefined : request.unsignCookie(signed);
    if (!cookie?.valid || cookie.value === null) return false;
    return (await this.sessions.principalOf(cookie.value)) ?? false;
  }
}

/** Every door is shut unless it says otherwise. */
@Injectable()
export class SessionGuard extends AuthGuard('session-cookie') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, targets)) return true;
    await super.canActivate(context);
    const { user } = context.switchToHttp().getRequest<{ user: Principal }>();
    tellEgress({ userId: user.userId });
    if (this.reflector.getAllAndOverride<boolean>(ADMIN_ONLY, targets) && user.role !== 'admin') {
      throw new Forbidden('admins-only', 'Only an admin of this installation may do this.');
    }
    return true;
  }

  override handleRequest<T>(error: Error | null, user: T | false): T {
    if (error) throw error;
    if (!user) throw new SignedOut();
    return user;
  }
}
