import '@fastify/cookie';
import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiAcceptedResponse, ApiBody, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, Public } from '@scani/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Me as CurrentUser, type Principal } from '../http/principal.js';
import { SESSION_COOKIE } from '../http/session.guard.js';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../identity.settings.js';
import { LONGEST_DAYS, SessionsService } from '../sessions/sessions.service.js';
import { Me, meOf } from '../users/users.dto.js';
import { Challenge, CreateChallenge, SignInOptions, SubmitCode, SubmitLink } from './sign-in.dto.js';
import { type SignedIn, SignInService } from './sign-in.service.js';
import { clientOf } from './sign-in.strategies.js';

@ApiTags('Identity')
@ApiProblems()
@Controller('api')
export class SignInController {
  constructor(
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  @Public()
  @Get('sign-in/options')
  @ApiOkResponse({ type: SignInOptions })
  getSignInOptions(): Promise<SignInOptions> {
    return this.signIn.options();
  }

  /** Sends a mail with a link and a code. The answer is the same whether or not the account exists. */
  @Public()
  @Post('sign-in/challenges')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: Challenge })
  createChallenge(@Body() body: CreateChallenge, @Req() request: FastifyRequest): Promise<Challenge> {
    return this.signIn.challenge(body.email, clientOf(request));
  }

  @Public()
  @Post('sign-in/code')
  @HttpCode(200)
  @UseGuards(AuthGuard('sign-in-code'))
  @ApiBody({ type: SubmitCode })
  @ApiOkResponse({ type: Me })
  signInWithCode(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Me {
    return this.welcome(request, reply);
  }

  @Public()
  @Post('sign-in/link')
  @HttpCode(200)
  @UseGuards(AuthGuard('sign-in-link'))
  @ApiBody({ type: SubmitLink })
  @ApiOkResponse({ type: Me })
  signInWithLink(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Me {
    return this.welcome(request, reply);
  }

  @Delete('session')
  @HttpCode(204)
  @ApiNoContentResponse()
  async signOut(@CurrentUser() me: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.sessions.revoke(me, me.sessionId);
    void reply.clearCookie(SESSION_COOKIE, { path: '/' });
  }

  private welcome(request: FastifyRequest, reply: FastifyReply): Me {
    const { user, token } = (request as FastifyRequest & { user: SignedIn }).user;
    void reply.setCookie(SESSION_COOKIE, token, {
      signed: true,
      httpOnly: true,
      sameSite: 'lax',
      secure: this.settings.frontendUrl.startsWith('https:'),
      path: '/',
      maxAge: LONGEST_DAYS * 86_400,
    });
    return meOf(user);
  }
}
