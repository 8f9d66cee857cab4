import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type FieldProblem, Invalid, Refusal, TooMany, Unavailable } from './refusals.js';

interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  instance: string;
  errors?: readonly FieldProblem[];
  [fact: string]: unknown;
}

/** What an error of a part below means for the person who asked; undefined: this is not known here. */
export type Explain = (error: unknown) => Refusal | undefined;

/** Every error leaves as problem+json; what is not a refusal is logged and told without its inside. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  constructor(private readonly explain: readonly Explain[] = []) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    if (reply.sent || reply.raw.headersSent) return;
    const error = this.explained(thrown);
    const problem = this.problemOf(error, String(request.id));
    if (error !== thrown)
      this.log.warn(`${problem.code}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    else if (problem.status >= 500 && !(error instanceof Refusal)) this.log.error(error);
    const retryAfter = error instanceof TooMany || error instanceof Unavailable ? error.retryAfterSeconds : undefined;
    if (retryAfter !== undefined) void reply.header('retry-after', String(Math.ceil(retryAfter)));
    void reply.status(problem.status).type('application/problem+json').send(problem);
  }

  private explained(error: unknown): unknown {
    if (error instanceof Refusal || error instanceof HttpException) return error;
    for (const explain of this.explain) {
      const refusal = explain(error);
      if (refusal) return refusal;
    }
    return error;
  }

  private problemOf(error: unknown, instance: string): Problem {
    if (error instanceof Refusal) {
      return {
        ...error.facts,
        type: `urn:scani:problem:${error.code}`,
        title: error.title,
        status: error.status,
        code: error.code,
        detail: error.detail,
        instance,
        ...(error instanceof Invalid && error.errors.length > 0 ? { errors: error.errors } : {}),
      };
    }
    const status = statusOf(error);
    const known = status < 500;
    return {
      type: 'about:blank',
      title: known ? 'Bad request' : 'Something went wrong',
      status,
      code: status === 404 ? 'no-such-route' : known ? 'bad-request' : 'internal',
      detail:
        known && error instanceof Error ? error.message : 'This is our fault. The log has more under this instance.',
      instance,
    };
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
