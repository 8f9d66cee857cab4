import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { KeyGuard } from '../keys/key.guard.js';
import { LARGEST_PICTURE } from './picture.js';

const PICTURES = '/v1/ai/screenshot';
const LIMIT = Math.ceil(LARGEST_PICTURE / 3) * 4 + 1_000;

/** Lets the one route for pictures take large bodies, from those alone whose key is known: bodies are read before guards. */
export function acceptPictures(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const guard = app.get(KeyGuard);
  fastify.addHook('onRoute', (route) => {
    if (route.url !== PICTURES) return;
    route.bodyLimit = LIMIT;
    route.onRequest = async (request) => {
      await guard.keyOf(request.headers.authorization);
    };
  });
}
