import { computed, DOCUMENT, inject, Injectable, resource, Signal, signal, WritableSignal } from '@angular/core';
import type { Job } from '../../api/models';
import { Session } from './session';

export type Topic = 'portfolio' | 'import' | 'job';
export type Connection = 'connecting' | 'live' | 'retrying' | 'off';

/**
 * News from the server (server-sent events). Pages do not listen: they read a topic's version, which moves when
 * there is news, when the connection comes back after a gap, and when this page itself has changed something.
 */
@Injectable({ providedIn: 'root' })
export class Live {
  private readonly doc = inject(DOCUMENT);
  private readonly session = inject(Session);
  private readonly versions: Record<Topic, WritableSignal<number>> = {
    portfolio: signal(0),
    import: signal(0),
    job: signal(0),
  };
  private readonly connection = signal<Connection>('connecting');
  private readonly latest = signal<ReadonlyMap<string, Job>>(new Map());
  private readonly returned = signal(0);
  readonly state = this.connection.asReadonly();
  /** How often the connection came back after a gap, as it does when the server was replaced. */
  readonly reconnections = this.returned.asReadonly();
  /** The newest word on jobs that have moved since the page was opened. */
  readonly jobs: Signal<ReadonlyMap<string, Job>> = this.latest.asReadonly();

  private readonly userId = computed(() => this.session.me()?.id);
  private readonly events = resource({
    params: () => this.userId(),
    stream: async ({ abortSignal }) => {
      this.listen(abortSignal);
      return signal({ value: true });
    },
  });

  version(topic: Topic): number {
    return this.versions[topic]();
  }
  touch(topic: Topic): void {
    this.versions[topic].update((version) => version + 1);
  }

  /** The newest word on a job, from the server or from what this page asked for. */
  hear(job: Job): void {
    const before = this.latest().get(job.id);
    this.latest.update((jobs) => new Map(jobs).set(job.id, job));
    if (before?.state !== job.state) this.touch('job');
  }

  private comeBack(): void {
    (Object.keys(this.versions) as Topic[]).forEach((topic) => this.touch(topic));
    this.returned.update((count) => count + 1);
  }

  private listen(until: AbortSignal): void {
    const Source = this.doc.defaultView?.EventSource;
    if (!Source) return;
    let seen = false;
    const source = new Source('/api/events');
    source.addEventListener('open', () => {
      if (seen) this.comeBack();
      seen = true;
      this.connection.set('live');
    });
    source.addEventListener('error', () =>
      this.connection.set(source.readyState === Source.CLOSED ? 'off' : 'retrying'),
    );
    source.addEventListener('portfolio', () => this.touch('portfolio'));
    source.addEventListener('import', () => this.touch('import'));
    source.addEventListener('job', (event: MessageEvent<string>) => this.hear(JSON.parse(event.data) as Job));
    until.addEventListener('abort', () => {
      source.close();
      this.connection.set('off');
    });
  }
}
