import { Component, computed, DestroyRef, inject, input, signal } from '@angular/core';
import { Router } from '@angular/router';
import { getJob, getTransferCounts, searchTransfers } from '../../api/functions';
import type { Job } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Segmented } from '../ui/segmented';
import { ProgressBar } from '../ui/states';
import { DecidedList } from './decided-list';
import { ReviewList } from './review-list';
import { RuleList } from './rule-list';
import { Verdicts } from './verdicts';

const VIEWS = ['review', 'decided', 'rules'] as const;
type View = (typeof VIEWS)[number];
const POLL_MS = 1_500;

/** Moves between one's own accounts: what waits for a word, what is decided, and what is always said. */
@Component({
  selector: 'app-transfers',
  imports: [Icon, Segmented, ProgressBar, DecidedList, ReviewList, RuleList],
  providers: [Verdicts],
  templateUrl: './transfers.html',
  styleUrl: './transfers.scss',
})
export default class Transfers {
  /** From the address. */
  readonly view = input<string>();
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly verdicts = inject(Verdicts);
  protected readonly demo = computed(() => this.session.me()?.portfolio === 'demo');
  protected readonly shown = computed<View>(() => VIEWS.find((one) => one === this.view()) ?? 'review');
  private readonly counts = read(getTransferCounts, () => ({}), { live: 'portfolio' });
  protected readonly views = computed(() => {
    const open = this.counts.value()?.toReview;
    return [
      { value: 'review' as const, label: 'To review', ...(open ? { count: open } : {}) },
      { value: 'decided' as const, label: 'Decided' },
      { value: 'rules' as const, label: 'Rules' },
    ];
  });
  private readonly jobId = signal<string | undefined>(undefined);
  protected readonly refused = signal('');
  private readonly job = computed<Job | undefined>(() => this.live.jobs().get(this.jobId() ?? ''));
  protected readonly searching = computed(() => {
    const state = this.job()?.state;
    return this.jobId() !== undefined && (state === undefined || state === 'waiting' || state === 'active');
  });
  protected readonly progress = computed(() => this.job()?.progress ?? null);
  protected readonly outcome = computed(() => {
    const job = this.job();
    if (!job || this.searching()) return '';
    return job.state === 'completed' ? 'Looked for transfers just now.' : '';
  });
  protected readonly failed = computed(
    () => this.refused() || this.verdicts.failed() || (this.searching() ? '' : (this.job()?.error?.detail ?? '')),
  );

  constructor() {
    // News may be missed while the connection is away.
    const timer = setInterval(() => void this.follow(), POLL_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected async choose(view: View): Promise<void> {
    await this.router.navigate([], { queryParams: view === 'review' ? {} : { view } });
  }
  protected async search(): Promise<void> {
    this.refused.set('');
    try {
      const { jobId } = await this.api.call(searchTransfers, {});
      this.jobId.set(jobId);
    } catch (error) {
      this.refused.set(messageOf(error));
    }
  }
  private async follow(): Promise<void> {
    const id = this.jobId();
    if (!id || !this.searching()) return;
    try {
      const job = await this.api.call(getJob, { id });
      this.live.hear(job);
      if (job.state === 'completed') this.live.touch('portfolio');
    } catch (error) {
      this.refused.set(messageOf(error));
      this.jobId.set(undefined);
    }
  }
}
