import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { cancelJob, listJobs, retryJob } from '../../api/functions';
import type { Job, JobState } from '../../api/models';
import { paths } from '../paths';
import { Api, readPages } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-names';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Segmented } from '../ui/segmented';
import { Empty, ProblemCard, ProgressBar, SkeletonRows } from '../ui/states';

const LOOKS: Record<JobState, { icon: IconName; tone: string; word: string }> = {
  waiting: { icon: 'clock', tone: '', word: 'Waiting' },
  active: { icon: 'play', tone: 'accent', word: 'Running' },
  completed: { icon: 'check', tone: 'good', word: 'Done' },
  failed: { icon: 'circle-alert', tone: 'bad', word: 'Failed' },
  cancelled: { icon: 'ban', tone: '', word: 'Cancelled' },
};

/** Long work: what runs, what waits, what failed. Progress arrives by itself. */
@Component({
  selector: 'app-job-list',
  imports: [RouterLink, Icon, MoreButton, Segmented, Empty, ProblemCard, ProgressBar, SkeletonRows],
  templateUrl: './job-list.html',
  styleUrl: './job-list.scss',
})
export default class JobList {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly looks = LOOKS;
  protected readonly failed = signal('');
  protected readonly state = signal<JobState | 'all'>('all');
  protected readonly states = [
    { value: 'all' as const, label: 'All' },
    { value: 'active' as const, label: 'Running' },
    { value: 'failed' as const, label: 'Failed' },
  ];
  protected readonly list = readPages(
    listJobs,
    () => {
      const state = this.state();
      return { limit: 30, ...(state === 'all' ? {} : { state }) };
    },
    { live: 'job' },
  );
  /** Each job in its newest form: as listed, or as it was last heard of. */
  protected readonly jobs = computed(() => this.list.items().map((job) => this.live.jobs().get(job.id) ?? job));

  protected when(job: Job): string {
    if (job.finishedAt) return this.prefs.ago(job.finishedAt);
    return job.startedAt ? `since ${this.prefs.time(job.startedAt)}` : `asked ${this.prefs.ago(job.createdAt)}`;
  }
  protected done(job: Job): string {
    const progress = job.progress;
    if (!progress) return '';
    const of = progress.total === null ? '' : ` of ${this.prefs.count(progress.total)}`;
    return `${this.prefs.count(progress.done)}${of} ${progress.unit}${progress.message ? ` · ${progress.message}` : ''}`;
  }
  protected retry(job: Job): Promise<void> {
    return this.act(() => this.api.call(retryJob, { id: job.id }));
  }
  protected cancel(job: Job): Promise<void> {
    return this.act(() => this.api.call(cancelJob, { id: job.id }));
  }
  private async act(action: () => Promise<Job>): Promise<void> {
    this.failed.set('');
    try {
      this.live.hear(await action());
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}
