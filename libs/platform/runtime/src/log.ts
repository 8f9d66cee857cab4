import { type DynamicModule, RequestMethod } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { LoggerModule } from 'nestjs-pino';
import { choice, type EnvOf, fragment, secretsOf, text } from './env/env.js';
import { logMask } from './log-mask.js';
import { traceFacts } from './trace/trace.js';

export const logEnv = fragment('log', {
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    description: 'What is logged: this level and above.',
    default: 'info',
  }),
  LOG_ID_PEPPER: text({
    description:
      'Under it people are named in logs, instead of by their ids and e-mails. The same in every process, else lines cannot be joined.',
    secret: true,
    minLength: 16,
  }),
});

const facts = new AsyncLocalStorage<Readonly<Record<string, string>>>();

/** Every log line that `work` leads to says these facts as well. */
export function withLogFacts<T>(said: Readonly<Record<string, string>>, work: () => T): T {
  return facts.run({ ...facts.getStore(), ...said }, work);
}

/**
 * JSON logs with the service's name and the id of the request or job. Every line is rewritten as a whole just before it
 * is written: people appear as hashes, secrets not at all.
 */
export function logModule(service: string, env: EnvOf<[typeof logEnv]>): DynamicModule {
  const mask = logMask(env.LOG_ID_PEPPER, secretsOf(env));
  return LoggerModule.forRootAsync({
    useFactory: () => ({
      forRoutes: [{ path: '*splat', method: RequestMethod.ALL }],
      pinoHttp: {
        name: service,
        level: env.LOG_LEVEL,
        genReqId: (request: IncomingMessage) => requestIdOf(request),
        hooks: { streamWrite: mask },
        mixin: () => ({ ...facts.getStore(), ...traceFacts() }),
        autoLogging: {
          ignore: (request: IncomingMessage & { originalUrl?: string }) => isProbe(request.originalUrl ?? request.url),
        },
        customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
        serializers: {
          req: (request: { id: unknown; method: string; url: string }) => ({
            id: request.id,
            method: request.method,
            path: request.url.split('?')[0],
          }),
          res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        },
      },
    }),
  });
}

/** The caller's `x-request-id` where it is one, else a new id. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}

function isProbe(path: string | undefined): boolean {
  return path === '/livez' || path === '/readyz' || path === '/health';
}
