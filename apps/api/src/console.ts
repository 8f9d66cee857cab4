import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

const HASHED = /-[\w-]{8}\.\w+$/;
const OURS = /^\/(api|livez|readyz|health)(\/|$)/;

/** Serves the built console: hashed files for ever, pages fresh, 404 for a chunk that is not there any more. */
export async function serveConsole(app: NestFastifyApplication, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) throw new Error(`CONSOLE_DIR: there is no index.html in ${folder}`);
  await app.register(fastifyStatic as never, {
    root: folder,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply: FastifyReply, path: string) =>
      void reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  });
  const page = (request: FastifyRequest, reply: FastifyReply): unknown => {
    const path = request.url.split('?')[0] ?? '/';
    if (OURS.test(path) || extname(path) !== '') {
      return reply
        .status(404)
        .type('application/problem+json')
        .send({
          type: 'about:blank',
          title: 'Not found',
          status: 404,
          code: 'no-such-route',
          detail: 'There is nothing at this address.',
          instance: String(request.id),
        });
    }
    return (reply as FastifyReply & { sendFile(name: string): unknown }).sendFile('index.html');
  };
  app.getHttpAdapter().getInstance().get('/*', page);
}
