import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How long connections that are in use have for the answer that tells them to go. */
const LET_GO_MS = 5_000;
/** Nobody is about to use a connection that has been quiet for so long. */
const QUIET_MS = 1_000;
/** What is being answered has this long, counted from when the port was closed. */
const LAST_ANSWERS_MS = 25_000;
/** Longer than both; whatever still hangs then, like a pool whose server has gone silent, is not worth waiting for. */
const EXIT_MS = 40_000;
const LOOK_MS = 50;

const told = { draining: false };
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => (told.draining = true));
}

/** Whether this process has been told to end. */
export const isDraining = (): boolean => told.draining;

interface Use {
  answering: number;
  quietSince: number;
}

/**
 * Lets connections go without losing a request. From the signal on each answer says that its connection ends, while the
 * port still takes new ones from whoever has not heard of it yet; once all are gone or quiet the port closes. A keep-alive
 * client would hold the process open otherwise, and a connection that is cut may have a request on its way.
 */
export class Drain implements BeforeApplicationShutdown {
  private readonly uses = new Map<Socket, Use>();

  constructor(host: HttpAdapterHost<FastifyAdapter>) {
    const fastify = host.httpAdapter.getInstance();
    fastify.server.on('connection', (socket: Socket) => {
      this.uses.set(socket, { answering: 0, quietSince: Date.now() });
      socket.once('close', () => this.uses.delete(socket));
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      const use = this.uses.get(request.raw.socket);
      if (use) {
        use.answering += 1;
        // Not `onResponse`: an event stream that was taken over never gets there.
        reply.raw.once('close', () => {
          use.answering -= 1;
          use.quietSince = Date.now();
        });
      }
      done();
    });
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (told.draining) void reply.header('connection', 'close');
      done(null, payload);
    });
    fastify.addHook('preClose', (done) => {
      const until = Date.now() + LAST_ANSWERS_MS;
      const timer = setInterval(() => {
        if (this.answering && Date.now() < until) return;
        clearInterval(timer);
        fastify.server.closeAllConnections();
      }, LOOK_MS);
      done();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!told.draining) return;
    setTimeout(() => process.exit(1), EXIT_MS).unref();
    const until = Date.now() + LET_GO_MS;
    while (this.uses.size > 0 && Date.now() < until) {
      for (const [socket, use] of this.uses) {
        if (use.answering === 0 && Date.now() - use.quietSince >= QUIET_MS) socket.destroy();
      }
      await pause(LOOK_MS);
    }
  }

  private get answering(): boolean {
    return [...this.uses.values()].some((use) => use.answering > 0);
  }
}
