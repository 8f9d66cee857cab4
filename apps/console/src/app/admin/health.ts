import { Component, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { getHealth, listDeadJobs, retryDeadJob } from '../../api/functions';
import type { CheckState, DeadJob } from '../../api/models';
import { paths } from '../paths';
import { Api, read, readPages } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-names';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { Nights } from './nights';

const STATES: Record<CheckState, { icon: IconName; tone: string; word: string }> = {
  ok: { icon: 'check', tone: 'good', word: 'well' },
  degraded: { icon: 'triangle-alert', tone: 'warn', word: 'limited' },
  down: { icon: 'x', tone: 'bad', word: 'down' },
};

/** How the installation is doing, for those who run it. */
@Component({
  selector: 'app-health',
  imports: [RouterLink, Icon, MoreButton, Nights, Empty, ProblemCard, SkeletonRows],
  templateUrl: './health.html',
  styleUrl: './health.scss',
})
export default class HealthPage {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly states = STATES;
  protected readonly failed = signal('');
  protected readonly health = read(getHealth, () => ({}), { live: 'job' });
  protected readonly dead = readPages(listDeadJobs, () => ({ limit: 20 }), { live: 'job' });

  protected async retry(job: DeadJob): Promise<void> {
    this.failed.set('');
    try {
      await this.api.call(retryDeadJob, { id: job.id });
      this.live.touch('job');
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}
