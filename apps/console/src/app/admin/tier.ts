import { Component, computed, effect, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { getTierVerification, startTierVerification } from '../../api/functions';
import type { TierStep, TierStepState, TierVerificationState } from '../../api/models';
import { paths } from '../paths';
import { Api, read } from '../shell/api';
import { messageOf } from '../shell/problem';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-names';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';

const STEPS: Record<TierStepState, { icon: IconName; tone: string; word: string }> = {
  waiting: { icon: 'circle-dashed', tone: '', word: 'waits' },
  running: { icon: 'refresh-cw', tone: '', word: 'being tried' },
  ok: { icon: 'check', tone: 'good', word: 'works' },
  failed: { icon: 'x', tone: 'bad', word: 'does not work' },
  'not-offered': { icon: 'minus', tone: '', word: 'not offered' },
  skipped: { icon: 'minus', tone: '', word: 'not tried' },
};
const WHOLE: Record<TierVerificationState, { tone: string; word: string }> = {
  never: { tone: '', word: 'not tried yet' },
  running: { tone: '', word: 'being tried' },
  passed: { tone: 'good', word: 'all that is offered works' },
  failed: { tone: 'bad', word: 'something does not work' },
  interrupted: { tone: 'warn', word: 'was interrupted' },
};
const TIERS = {
  tier1: 'Prices and mail come from a data-provider of your own.',
  tier2: 'Prices and mail come from a hosted data-provider; people, ledger and files stay here.',
  tier3: 'All of this installation is hosted by those who run its data-provider.',
};
const LOOK_MS = 1_000;

/** Tries for real what must work after the data-provider was exchanged. */
@Component({
  selector: 'app-tier',
  imports: [RouterLink, Icon, ProblemCard, SkeletonRows],
  templateUrl: './tier.html',
  styleUrl: './tier.scss',
})
export default class TierPage {
  private readonly api = inject(Api);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly states = STEPS;
  protected readonly whole = WHOLE;
  protected readonly tiers = TIERS;
  protected readonly failed = signal('');
  protected readonly starting = signal(false);
  protected readonly verification = read(getTierVerification, () => ({}));
  protected readonly running = computed(() => this.starting() || this.verification.value()?.state === 'running');
  protected readonly spoken = computed(() => {
    const it = this.verification.value();
    const step = it?.steps.find(({ state }) => state === 'running');
    return it?.state === 'running' ? (step?.title ?? '') : it ? WHOLE[it.state].word : '';
  });

  constructor() {
    effect((onCleanup) => {
      if (!this.running()) return;
      const timer = setInterval(() => this.verification.reload(), LOOK_MS);
      onCleanup(() => clearInterval(timer));
    });
  }

  protected took({ ms }: TierStep): string {
    if (ms === null || ms < 1) return '';
    return ms < 1_000 ? `${this.prefs.count(ms)} ms` : `${this.prefs.count(Math.round(ms / 1_000))} s`;
  }

  protected async start(): Promise<void> {
    this.failed.set('');
    this.starting.set(true);
    try {
      await this.api.call(startTierVerification, {});
      this.verification.reload();
    } catch (error) {
      this.failed.set(messageOf(error));
    } finally {
      this.starting.set(false);
    }
  }
}
