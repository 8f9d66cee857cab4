import { HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { CanActivateFn, Router } from '@angular/router';
import { catchError, throwError } from 'rxjs';
import { paths } from '../paths';
import { ApiError } from './problem';
import { Session } from './session';

/** Lets signed-in people through, and brings the others back to where they were going. */
export const signedIn: CanActivateFn = async (_route, state) => {
  const router = inject(Router);
  const me = await inject(Session).load();
  return me ? true : router.createUrlTree([paths.signIn], { queryParams: { next: state.url } });
};

export const isAdmin: CanActivateFn = async () => {
  const router = inject(Router);
  const me = await inject(Session).load();
  return me?.role === 'admin' ? true : router.createUrlTree([paths.dashboard]);
};

/** A session that ended elsewhere: any 401 after sign-in leads to the sign-in page. */
export const signedOutInterceptor: HttpInterceptorFn = (request, next) => {
  const session = inject(Session);
  const router = inject(Router);
  return next(request).pipe(
    catchError((error: unknown) => {
      if (error instanceof ApiError && error.status === 401 && session.me()) {
        session.set(null);
        void router.navigate([paths.signIn], { queryParams: { next: router.url } });
      }
      return throwError(() => error);
    }),
  );
};
