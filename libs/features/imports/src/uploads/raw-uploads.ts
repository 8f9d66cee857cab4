import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Refusal, TooLarge } from '@scani/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { LARGEST_WITHOUT_STORAGE, MB } from './uploads.limits.js';

const CONTENT_ROUTE = /^\/api\/uploads\/[^/]+\/content(?:\?|$)/;

class Unsupported extends Refusal {
  readonly status = 415;
  readonly title = 'Not supported';
}

/**
 * Lets the one route that takes files read them as raw bytes, whatever their type says, up to its own limit. On every
 * other route a body that is not JSON stays refused, unread.
 */
export function acceptRawUploads(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    if (!CONTENT_ROUTE.test(request.url)) throw new Unsupported('not-json', 'Send JSON here.');
    return bytesOf(payload);
  });
}

async function bytesOf(payload: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    size += chunk.length;
    if (size > LARGEST_WITHOUT_STORAGE) {
      throw new TooLarge('file-too-large', `A file may have at most ${LARGEST_WITHOUT_STORAGE / MB} MB here.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
