import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { getPortfolioSummary, listHoldings } from '../../api/functions';
import type { HoldingSort } from '../../api/models';
import { explain, Explainable, Explained } from '../explain/explained';
import { HoldingsTable } from '../holdings/holdings-table';
import { paths } from '../paths';
import { PerformanceCard } from '../performance/performance-card';
import { read } from '../shell/api';
import { Session } from '../shell/session';
import { Delta } from '../ui/delta';
import { Dialogs } from '../ui/dialog';
import { CoverageMark } from '../ui/figure';
import { signOf } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, Skeleton, SkeletonRows } from '../ui/states';
import { ValueChart } from '../ui/value-chart';
import { AllocationCard } from './allocation-card';
import { AttentionCard } from './attention-card';
import { RecentCard } from './recent-card';

@Component({
  selector: 'app-dashboard',
  imports: [
    RouterLink,
    HoldingsTable,
    Delta,
    Explained,
    CoverageMark,
    Icon,
    Empty,
    ProblemCard,
    Skeleton,
    SkeletonRows,
    ValueChart,
    AllocationCard,
    AttentionCard,
    PerformanceCard,
    RecentCard,
  ],
  templateUrl: './dashboard.html',
  styleUrl: './dashboard.scss',
})
export default class Dashboard {
  private readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  private readonly dialogs = inject(Dialogs);
  protected readonly netWorth: Explainable & { kind: 'value' } = { kind: 'value', name: 'Net worth', scope: 'user' };
  protected readonly sort = signal<HoldingSort>('value');
  protected readonly empty = computed(() => {
    const me = this.session.me();
    return me?.portfolio === 'own' && !me.hasAccounts;
  });
  protected readonly summary = read(
    getPortfolioSummary,
    () => (this.empty() ? undefined : { base: this.prefs.base() }),
    {
      live: 'portfolio',
    },
  );
  protected readonly holdings = read(
    listHoldings,
    () => (this.empty() ? undefined : { sort: this.sort(), limit: 12 }),
    {
      live: 'portfolio',
    },
  );
  protected readonly parts = computed(() => {
    const value = this.summary.value()?.value;
    return value?.amount != null ? this.prefs.parts(value.amount, value.currency) : null;
  });
  protected explainDay(on: string): Promise<void> {
    return explain(this.dialogs, { ...this.netWorth, on });
  }
  protected readonly tiles = computed(() => {
    const it = this.summary.value();
    if (!it) return null;
    const month = it.changes.month;
    return [
      { label: 'Assets', figure: it.assets, sub: it.holdings === 1 ? '1 holding' : `${it.holdings} holdings` },
      { label: 'Liabilities', figure: it.liabilities, sub: 'What you owe' },
      { label: 'Cash', figure: it.cash, sub: 'In any currency' },
      {
        label: 'This month',
        text: this.prefs.money(month?.amount, it.base, { signed: true }),
        sign: month ? signOf(month.amount) : 0,
        sub: month ? this.prefs.ratio(month.ratio, true) : 'Not known yet',
      },
    ];
  });
}
