import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { provideRouter } from '@angular/router';
import { problemInterceptor } from './app/shell/problem';
import { provideApiConfiguration } from './api/api-configuration';

export default [
  provideRouter([]),
  provideHttpClient(withInterceptors([problemInterceptor])),
  provideHttpClientTesting(),
  provideApiConfiguration(''),
];
