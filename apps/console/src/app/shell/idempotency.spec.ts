import { HttpClient } from '@angular/common/http';
import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

describe('idempotency keys', () => {
  function post(body: object, status: number): string | null {
    TestBed.inject(HttpClient)
      .post('/api/accounts', body)
      .subscribe({ error: () => undefined });
    const sent = TestBed.inject(HttpTestingController).expectOne('/api/accounts');
    if (status === 0) sent.error(new ProgressEvent('error'));
    else sent.flush({}, { status, statusText: 'as told' });
    return sent.request.headers.get('Idempotency-Key');
  }

  it('stay the same while nobody knows whether it happened', () => {
    const first = post({ name: 'a' }, 0);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(post({ name: 'a' }, 503)).toBe(first);
    expect(post({ name: 'a' }, 201)).toBe(first);
  });
  it('are new for a new wish: after an answer, after a refusal, for another body', () => {
    const first = post({ name: 'b' }, 201);
    const second = post({ name: 'b' }, 422);
    expect(second).not.toBe(first);
    expect(post({ name: 'b' }, 201)).not.toBe(second);
    expect(post({ name: 'c' }, 201)).not.toBe(first);
  });
});
