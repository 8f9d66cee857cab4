import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { ApplicationConfig, provideBrowserGlobalErrorListeners } from '@angular/core';
import {
  PreloadAllModules,
  provideRouter,
  TitleStrategy,
  withComponentInputBinding,
  withInMemoryScrolling,
  withPreloading,
} from '@angular/router';
import { provideApiConfiguration } from '../api/api-configuration';
import { routes } from './app.routes';
import { idempotencyInterceptor } from './shell/idempotency';
import { problemInterceptor } from './shell/problem';
import { signedOutInterceptor } from './shell/signed-out';
import { PageTitle } from './shell/page-title';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withPreloading(PreloadAllModules), // after the first page, so that every later one is there at once
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled', anchorScrolling: 'enabled' }),
    ),
    provideHttpClient(withInterceptors([signedOutInterceptor, idempotencyInterceptor, problemInterceptor])),
    provideApiConfiguration(''), // same origin: '/' + '/api' would be protocol-relative
    { provide: TitleStrategy, useClass: PageTitle },
  ],
};
