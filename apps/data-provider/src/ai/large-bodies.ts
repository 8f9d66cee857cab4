import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TooMany } from '@scani/runtime';
import type { FastifyInstance } from 'fastify';
import { checkRoute, KeyGuard } from '../keys/key.guard.js';
import { LARGEST_PICTURE } from './picture.js';

const PICTURES = '/v1/ai/screenshot';
const LIMIT = Math.ceil(LARGEST_PICTURE / 3) * 4 + 1_000;

/** Each takes up to some 70 MB on its way through, and no more are shown to the model at once. */
const MOST_AT_ONCE = 6;
const COME_BACK_SECONDS = 5;

/**
 * Lets the one route for pictures take large bodies, from those alone whose key may send them, and only so many at once:
 * bodies are read before guards.
 */
export function acceptPictures(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const guard = app.get(KeyGuard);
  let atOnce = 0;
  fastify.addHook('onRoute', (route) => {
    if (route.url !== PICTURES) return;
    route.bodyLimit = LIMIT;
    route.onRequest = async (request, reply) => {
      const key = await guard.keyOf(request.headers.authorization);
      if (key !== 'own') checkRoute(key, 'readScreenshot');
      // Who hung up meanwhile has closed already, and would never give the place back.
      if (reply.raw.destroyed) return;
      if (atOnce >= MOST_AT_ONCE) {
        throw new TooMany('ai-busy', 'Too many pictures are being read at the moment.', COME_BACK_SECONDS);
      }
      atOnce += 1;
      reply.raw.once('close', () => (atOnce -= 1));
    };
  });
}
