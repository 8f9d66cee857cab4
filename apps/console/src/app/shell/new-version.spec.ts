import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { render, screen } from '@testing-library/angular';
import { Live } from './live';
import { NewVersion } from './new-version';

describe('a server that was replaced', () => {
  it('is told of once the connection is back and another version answers', async () => {
    const reconnections = signal(0);
    const view = await render(NewVersion, { providers: [{ provide: Live, useValue: { reconnections } }] });
    const http = TestBed.inject(HttpTestingController);
    const answer = async (version: string) => {
      http.expectOne('/api/version').flush({ version, schema: 15 });
      await view.fixture.whenStable();
    };
    await answer('1.2.0');
    expect(screen.queryByRole('button')).toBeNull();

    reconnections.set(1);
    TestBed.tick();
    await answer('1.2.0');
    expect(screen.queryByRole('button')).toBeNull();

    reconnections.set(2);
    TestBed.tick();
    await answer('1.3.0');
    expect(screen.getByText(/updated to 1\.3\.0/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Reload' })).toBeTruthy();
  });
});
