import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** Aborts when the caller hangs up before the answer is out: nobody needs it then. */
export const CallerSignal = createParamDecorator((_data: unknown, context: ExecutionContext): AbortSignal => {
  const gone = new AbortController();
  const response = context.switchToHttp().getResponse<FastifyReply>().raw;
  const look = (): void => {
    if (!response.writableFinished) gone.abort();
  };
  // While a guard was looking up the key it may have closed already, and does not say so again.
  if (response.destroyed) look();
  else response.once('close', look);
  return gone.signal;
});
