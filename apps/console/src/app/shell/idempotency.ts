import { HttpInterceptorFn } from '@angular/common/http';
import { catchError, tap, throwError } from 'rxjs';
import { ApiError } from './problem';

const unanswered = new Map<string, string>();

/** A random UUID also where the page is not a secure context (plain http on a home network). */
function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A creation that got no answer is sent again under the same key, so it happens once. */
export const idempotencyInterceptor: HttpInterceptorFn = (request, next) => {
  if (request.method !== 'POST' || !request.url.startsWith('/api/')) return next(request);
  const intent = `${request.url} ${JSON.stringify(request.body)}`;
  const key = unanswered.get(intent) ?? uuid();
  unanswered.set(intent, key);
  return next(request.clone({ setHeaders: { 'Idempotency-Key': key } })).pipe(
    tap({ complete: () => unanswered.delete(intent) }),
    catchError((error: unknown) => {
      const mayHaveHappened = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      if (!mayHaveHappened) unanswered.delete(intent);
      return throwError(() => error);
    }),
  );
};
