import { HttpErrorResponse, HttpInterceptorFn } from '@angular/common/http';
import { catchError, throwError } from 'rxjs';
import type { Problem } from '../../api/models';

/** What went wrong with a request, in words for people (RFC 9457 problem details where the server gave them). */
export class ApiError extends Error {
  constructor(
    /** 0: no answer at all. */
    readonly status: number,
    readonly problem: Problem | undefined,
  ) {
    super(
      problem?.detail ??
        problem?.title ??
        (status === 0 ? 'The server cannot be reached.' : `The server answered with ${status}.`),
    );
  }
  get code(): string {
    return this.problem?.code ?? '';
  }
  /** The message for one field of a form, by its JSON pointer. */
  field(pointer: string): string | undefined {
    return this.problem?.errors?.find((error) => error.pointer === pointer)?.detail;
  }
}

/** The words of any failure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an error page of a proxy: its status says enough
  }
}

/** Every failed request becomes an ApiError. */
export const problemInterceptor: HttpInterceptorFn = (request, next) =>
  next(request).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof HttpErrorResponse)) return throwError(() => error);
      const body: unknown = typeof error.error === 'string' ? parsed(error.error) : error.error;
      return throwError(() => new ApiError(error.status, isProblem(body) ? body : undefined));
    }),
  );
