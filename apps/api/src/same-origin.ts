import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Forbidden } from '@scani/runtime';
import type { FastifyRequest } from 'fastify';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A page of another origin must not change anything with the cookie of a person who is signed in. */
export function refuseForeignPages(app: NestFastifyApplication, frontendUrl: string): void {
  const home = new URL(frontendUrl).host;
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preHandler', (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void) => {
      done(
        isForeign(request, home)
          ? new Forbidden('foreign-page', 'This request came from a page of another site.')
          : undefined,
      );
    });
}

function isForeign(request: FastifyRequest, home: string): boolean {
  if (READS.has(request.method)) return false;
  if (request.headers['sec-fetch-site'] === 'cross-site') return true;
  const { origin } = request.headers;
  if (origin === undefined) return false;
  if (!URL.canParse(origin)) return true;
  const from = new URL(origin).host;
  return from !== home && from !== request.headers.host;
}
