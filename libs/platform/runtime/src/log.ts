import { type DynamicModule, RequestMethod } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { LoggerModule } from 'nestjs-pino';
import { choice, fragment } from './env/env.js';

export const logEnv = fragment('log', {
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    description: 'What is logged: this level and above.',
    default: 'info',
  }),
});

const SECRETS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'res.headers["set-cookie"]',
  '*.password',
  '*.token',
  '*.email',
];

/** JSON logs with the service's name, the request's id, and no secret, address or query string. */
export function logModule(service: string, level: string): DynamicModule {
  return LoggerModule.forRootAsync({
    useFactory: () => ({
      forRoutes: [{ path: '*splat', method: RequestMethod.ALL }],
      pinoHttp: {
        name: service,
        level,
        genReqId: (request: IncomingMessage) => requestIdOf(request),
        redact: { paths: SECRETS, censor: '[hidden]' },
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
