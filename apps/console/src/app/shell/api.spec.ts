import { HttpTestingController } from '@angular/common/http/testing';
import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { render, screen } from '@testing-library/angular';
import userEvent from '@testing-library/user-event';
import { listActivity, listJobs } from '../../api/functions';
import type { Job } from '../../api/models';
import { read, readPages } from './api';
import { Live } from './live';

@Component({
  template: `
    <p>pending {{ jobs.pending() }}</p>
    <p>error {{ jobs.error() ?? 'none' }}</p>
    <p>shown {{ titles() }}</p>
    <button type="button" (click)="state.set('failed')">failed only</button>
  `,
})
class Probe {
  readonly state = signal<'active' | 'failed'>('active');
  readonly jobs = read(listJobs, () => ({ state: this.state() }), { live: 'job' });
  readonly titles = () =>
    this.jobs
      .value()
      ?.items.map((job) => job.title)
      .join(',') ?? 'nothing';
}

@Component({
  template: `<p>ids {{ ids() }}</p>
    @if (list.hasMore()) {
      <button type="button" (click)="list.more()">more</button>
    }`,
})
class Pages {
  readonly list = readPages(listActivity, () => ({ limit: 2 }), { live: 'portfolio' });
  readonly ids = () =>
    this.list
      .items()
      .map((one) => one.id)
      .join(',');
}

const job = (title: string) => ({ id: title, title }) as Job;

async function setup(component: typeof Probe | typeof Pages) {
  const view = await render(component as typeof Probe);
  const http = TestBed.inject(HttpTestingController);
  const answer = async (body: object, options?: { status: number; statusText: string }) => {
    http.expectOne(() => true).flush(body, options);
    await view.fixture.whenStable();
  };
  return { ...view, http, answer, user: userEvent.setup(), live: TestBed.inject(Live) };
}

describe('read', () => {
  it('keeps the last answer while the next one loads', async () => {
    const { answer, user } = await setup(Probe);
    expect(screen.getByText('pending true')).toBeTruthy();
    await answer({ items: [job('one')], nextCursor: null });
    await user.click(screen.getByRole('button'));
    expect(screen.getByText('shown one')).toBeTruthy();
    await answer({ items: [job('two')], nextCursor: null });
    expect(screen.getByText('shown two')).toBeTruthy();
  });
  it('says the problem in the words of the server', async () => {
    const { answer } = await setup(Probe);
    const problem = { type: 'about:blank', title: 'Down', status: 503, code: 'x', detail: 'The database is away.' };
    await answer(problem, { status: 503, statusText: 'Service Unavailable' });
    expect(screen.getByText('error The database is away.')).toBeTruthy();
  });
  it('asks again when there is news on its topic, and only then', async () => {
    const { answer, live, http, fixture } = await setup(Probe);
    await answer({ items: [], nextCursor: null });
    live.touch('portfolio');
    await fixture.whenStable();
    http.expectNone(() => true);
    live.touch('job');
    fixture.detectChanges();
    await answer({ items: [job('new')], nextCursor: null });
    expect(screen.getByText('shown new')).toBeTruthy();
  });
});

describe('readPages', () => {
  it('appends pages by their cursor, and starts over with the first', async () => {
    const { answer, user, http, live, fixture } = await setup(Pages);
    await answer({ items: [{ id: 'a' }, { id: 'b' }], nextCursor: 'c1' });
    await user.click(screen.getByRole('button', { name: 'more' }));
    const next = http.expectOne((request) => request.params.get('cursor') === 'c1');
    next.flush({ items: [{ id: 'c' }], nextCursor: null });
    expect(await screen.findByText('ids a,b,c')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'more' })).toBeNull();
    live.touch('portfolio');
    fixture.detectChanges();
    await answer({ items: [{ id: 'z' }], nextCursor: null });
    expect(screen.getByText('ids z')).toBeTruthy();
  });
});
