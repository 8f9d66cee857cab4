import { Component, computed, DestroyRef, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { confirmImport, discardImport, getImport, retryJob, setMapping, undoImport } from '../../api/functions';
import type { Mapping } from '../../api/models';
import { paths } from '../paths';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import type { Question } from '../ui/confirm';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, ProgressBar, SkeletonRows } from '../ui/states';
import { MappingForm } from './mapping-form';
import { Positions } from './positions';
import { Review } from './review';
import { Steps } from './step-bar';
import { FORMAT_WORDS, isWorking, placeOf, WORKING_WORDS } from './steps';

const POLL_MS = 2_000;

/** One import from the file to the ledger. It can be left at any step and found again. */
@Component({
  selector: 'app-import-page',
  imports: [RouterLink, Icon, Empty, ProblemCard, ProgressBar, SkeletonRows, MappingForm, Positions, Review, Steps],
  templateUrl: './import-page.html',
  styleUrl: './import-page.scss',
})
export default class ImportPage {
  readonly id = input.required<string>();
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly router = inject(Router);
  private readonly dialogs = inject(Dialogs);
  private readonly session = inject(Session);
  protected readonly demo = computed(() => this.session.me()?.portfolio === 'demo');
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly formats = FORMAT_WORDS;
  protected readonly failed = signal('');
  protected readonly busy = signal(false);
  /** The owner wants to see the columns again although the file could be read. */
  protected readonly again = signal(false);
  private readonly answer = read(getImport, () => ({ id: this.id() }), { live: 'import' });
  protected readonly import = {
    ...this.answer,
    value: computed(() => (this.answer.value()?.id === this.id() ? this.answer.value() : undefined)),
  };
  protected readonly place = computed(() => {
    const state = this.import.value()?.state;
    if (!state) return { view: 'working' as const, step: 0 };
    return this.again() && state === 'to-review' ? placeOf('needs-mapping') : placeOf(state);
  });
  /** The newest progress: the job's own news is faster than reading the import again. */
  protected readonly progress = computed(() => {
    const it = this.import.value();
    const job = it?.jobId ? this.live.jobs().get(it.jobId) : undefined;
    return job?.progress ?? it?.progress ?? null;
  });
  protected readonly said = computed(() => {
    const it = this.import.value();
    if (!it) return '';
    const progress = this.progress();
    const verb = WORKING_WORDS[it.state] ?? 'Waiting for a free hand';
    if (!progress) return `${verb}…`;
    const of = progress.total === null ? '' : ` of ${this.prefs.count(progress.total)}`;
    return `${verb}: ${this.prefs.count(progress.done)}${of} ${progress.unit}`;
  });

  constructor() {
    // News may be missed while the connection is away; the state itself is cheap to ask for.
    const timer = setInterval(() => {
      const it = this.import.value();
      if (it && isWorking(it.state)) this.answer.reload();
    }, POLL_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected async map(mapping: Mapping): Promise<void> {
    const done = await this.act(() => this.api.call(setMapping, { id: this.id(), body: mapping }));
    if (done) this.again.set(false);
  }
  protected async confirm(): Promise<void> {
    await this.act(() => this.api.call(confirmImport, { id: this.id() }));
  }
  protected async retry(jobId: string): Promise<void> {
    await this.act(() => this.api.call(retryJob, { id: jobId }));
  }
  protected async discard(): Promise<void> {
    const question: Question = {
      title: 'Discard this import?',
      text: 'What was read from the file is forgotten. Nothing has been recorded, so nothing else changes.',
      yes: 'Discard',
      danger: true,
    };
    const sure = await this.dialogs.open<boolean>(() => import('../ui/confirm').then((m) => m.Confirm), question);
    if (!sure) return;
    const done = await this.act(() => this.api.call(discardImport, { id: this.id() }));
    if (done) await this.router.navigateByUrl(paths.imports);
  }
  protected async undo(): Promise<void> {
    const question: Question = {
      title: 'Take this import back?',
      text:
        'Every row that only this file says is taken back, and balances and charts follow. The rows stay in the ledger, ' +
        'marked. What another recorded import of this account says as well stays as it is. The same file can be ' +
        'imported again.',
      yes: 'Take the import back',
      danger: true,
    };
    const sure = await this.dialogs.open<boolean>(() => import('../ui/confirm').then((m) => m.Confirm), question);
    if (sure) await this.act(() => this.api.call(undoImport, { id: this.id() }));
  }
  private async act(action: () => Promise<unknown>): Promise<boolean> {
    this.failed.set('');
    this.busy.set(true);
    try {
      await action();
      this.live.touch('import');
      return true;
    } catch (error) {
      this.failed.set(messageOf(error));
      return false;
    } finally {
      this.busy.set(false);
    }
  }
}
