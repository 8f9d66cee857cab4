import { Component, computed, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { getHolding, updateHolding } from '../../api/functions';
import type { Holding } from '../../api/models';
import { explain, Explainable, Explained } from '../explain/explained';
import { uncountedWords } from '../explain/words';
import { InterestCard } from '../interest/interest-card';
import { paths } from '../paths';
import { PerformanceCard } from '../performance/performance-card';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import { Delta } from '../ui/delta';
import { Dialogs } from '../ui/dialog';
import { CoverageMark } from '../ui/figure';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Segmented } from '../ui/segmented';
import { ProblemCard, Skeleton, SkeletonRows } from '../ui/states';
import { ValueChart } from '../ui/value-chart';
import { BasisCard } from './basis-card';
import { ObservationList } from './observation-list';
import { PriceList } from './price-list';
import { TransactionList } from './transaction-list';
import { ASSET_WORDS, sourceOf } from './words';

@Component({
  selector: 'app-holding-page',
  imports: [
    RouterLink,
    Delta,
    CoverageMark,
    Explained,
    Icon,
    Segmented,
    InterestCard,
    PerformanceCard,
    ProblemCard,
    Skeleton,
    SkeletonRows,
    ValueChart,
    BasisCard,
    ObservationList,
    PriceList,
    TransactionList,
  ],
  templateUrl: './holding-page.html',
  styleUrl: './holding-page.scss',
})
export default class HoldingPage {
  readonly id = input.required<string>();
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly dialogs = inject(Dialogs);
  private readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly kinds = ASSET_WORDS;
  protected readonly source = sourceOf;
  protected readonly failed = signal('');
  protected readonly tab = signal<'ledger' | 'seen' | 'prices'>('ledger');
  protected readonly tabs = [
    { value: 'ledger' as const, label: 'Ledger' },
    { value: 'seen' as const, label: 'Balances seen' },
    { value: 'prices' as const, label: 'Prices' },
  ];
  protected readonly demo = computed(() => this.session.me()?.portfolio === 'demo');
  private readonly answer = read(getHolding, () => ({ id: this.id() }), { live: 'portfolio' });
  protected readonly holding = {
    ...this.answer,
    value: computed(() => (this.answer.value()?.id === this.id() ? this.answer.value() : undefined)),
  };

  protected explained(it: Holding): Explainable & { kind: 'value' } {
    return { kind: 'value', name: it.asset.name, scope: 'holding', id: it.id };
  }
  protected explainDay(it: Holding, on: string): Promise<void> {
    return explain(this.dialogs, { ...this.explained(it), on });
  }
  protected async addTransaction(holding: Holding): Promise<void> {
    await this.dialogs.open(() => import('./add-transaction').then((m) => m.AddTransaction), holding);
  }
  protected async setBalance(holding: Holding): Promise<void> {
    await this.dialogs.open(() => import('./set-balance').then((m) => m.SetBalance), holding);
  }
  protected async setPrice(holding: Holding): Promise<void> {
    const done = await this.dialogs.open<boolean>(() => import('./set-price').then((m) => m.SetPrice), holding);
    if (done) this.tab.set('prices');
  }
  protected async recordAction(holding: Holding): Promise<void> {
    await this.dialogs.open(() => import('./record-action').then((m) => m.RecordAction), holding);
  }
  protected readonly uncountedWords = uncountedWords;
  protected async hide(hidden: boolean): Promise<void> {
    this.failed.set('');
    try {
      await this.api.call(updateHolding, { id: this.id(), body: { hidden } });
      this.live.touch('portfolio');
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}
