import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { provideRouter } from '@angular/router';
import { idempotencyInterceptor } from './app/shell/idempotency';
import { problemInterceptor } from './app/shell/problem';
import { signedOutInterceptor } from './app/shell/signed-out';
import { provideApiConfiguration } from './api/api-configuration';

export default [
  provideRouter([]),
  provideHttpClient(withInterceptors([signedOutInterceptor, idempotencyInterceptor, problemInterceptor])),
  provideHttpClientTesting(),
  provideApiConfiguration(''),
];
