import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { plainToInstance } from 'class-transformer';
import { bodyPipe } from '@scani/runtime';
import type { FastifyRequest } from 'fastify';
import { RequestStrategy } from '../http/request.strategy.js';
import type { Client } from '../sessions/sessions.service.js';
import { SubmitCode, SubmitLink } from './sign-in.dto.js';
import { type SignedIn, SignInService } from './sign-in.service.js';

export function clientOf(request: FastifyRequest): Client {
  return { userAgent: request.headers['user-agent'] ?? null, address: request.ip };
}

// Guards run before pipes, so the strategies check the body themselves.
async function bodyOf<T extends object>(type: new () => T, request: FastifyRequest): Promise<T> {
  return (await bodyPipe().transform(plainToInstance(type, request.body ?? {}), { type: 'body', metatype: type })) as T;
}

@Injectable()
export class LinkStrategy extends PassportStrategy(RequestStrategy, 'sign-in-link') {
  constructor(private readonly signIn: SignInService) {
    super();
  }

  async validate(request: FastifyRequest): Promise<SignedIn> {
    const { token } = await bodyOf(SubmitLink, request);
    return this.signIn.byLink(token, clientOf(request));
  }
}

@Injectable()
export class CodeStrategy extends PassportStrategy(RequestStrategy, 'sign-in-code') {
  constructor(private readonly signIn: SignInService) {
    super();
  }

  async validate(request: FastifyRequest): Promise<SignedIn> {
    const { challengeId, code } = await bodyOf(SubmitCode, request);
    return this.signIn.byCode(challengeId, code, clientOf(request));
  }
}
