import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { KeyRing } from '@scani/crypto';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.js';
import { SessionGuard, SessionStrategy } from './http/session.guard.js';
import { IDENTITY_SETTINGS, type IdentitySettings } from './identity.settings.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInLimits } from './sign-in/sign-in.limits.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { CodeStrategy, LinkStrategy } from './sign-in/sign-in.strategies.js';
import { AdminController } from './users/admin.controller.js';
import { InvitationsService } from './users/invitations.service.js';
import { MeController } from './users/me.controller.js';
import { UsersService } from './users/users.service.js';

/** Who may come in. With it every route of the app is shut unless it says that it is public. */
@Module({})
export class IdentityHttp {
  static register(settings: IdentitySettings, keys: KeyRing): DynamicModule {
    return {
      module: IdentityHttp,
      global: true,
      controllers: [SignInController, MeController, SessionsController, AdminController],
      providers: [
        { provide: IDENTITY_SETTINGS, useValue: settings },
        { provide: KeyRing, useValue: keys },
        { provide: APP_GUARD, useClass: SessionGuard },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        UsersService,
        InvitationsService,
        SessionsService,
        SignInService,
        SignInLimits,
        SessionStrategy,
        LinkStrategy,
        CodeStrategy,
      ],
      exports: [UsersService],
    };
  }
}
