import { Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { getAccount, listHoldings, updateAccount } from '../../api/functions';
import type { Account, CostBasisMethod, HoldingSort, UpdateAccount } from '../../api/models';
import { explain, Explainable, Explained } from '../explain/explained';
import { METHOD_WORDS } from '../gains/words';
import { HoldingsTable } from '../holdings/holdings-table';
import { INSTITUTION_ICONS, INSTITUTION_WORDS } from '../holdings/words';
import { paths } from '../paths';
import { PerformanceCard } from '../performance/performance-card';
import { Api, read, readPages } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import { Dialogs } from '../ui/dialog';
import { CoverageMark } from '../ui/figure';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, Skeleton, SkeletonRows } from '../ui/states';
import { ValueChart } from '../ui/value-chart';
import { WalletCard } from '../wallets/wallet-card';

@Component({
  selector: 'app-account-page',
  imports: [
    RouterLink,
    HoldingsTable,
    CoverageMark,
    Explained,
    Icon,
    MoreButton,
    Empty,
    PerformanceCard,
    ProblemCard,
    Skeleton,
    SkeletonRows,
    ValueChart,
    WalletCard,
  ],
  templateUrl: './account-page.html',
  styles: `
    .closed {
      margin-left: auto;
    }
  `,
})
export default class AccountPage {
  readonly id = input.required<string>();
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly icons = INSTITUTION_ICONS;
  protected readonly words = INSTITUTION_WORDS;
  protected readonly methods = METHOD_WORDS;
  protected readonly sort = signal<HoldingSort>('value');
  protected readonly failed = signal('');
  protected readonly closed = signal(false);
  protected readonly demo = computed(() => this.session.me()?.portfolio === 'demo');
  private readonly answer = read(getAccount, () => ({ id: this.id() }), { live: 'portfolio' });
  protected readonly account = {
    ...this.answer,
    /** Not the account of the page before. */
    value: computed(() => (this.answer.value()?.id === this.id() ? this.answer.value() : undefined)),
  };
  protected readonly holdings = readPages(
    listHoldings,
    () => ({ accountId: this.id(), sort: this.sort(), ...(this.closed() ? { closed: true } : {}), limit: 50 }),
    { live: 'portfolio' },
  );

  protected explained(it: Account): Explainable & { kind: 'value' } {
    return { kind: 'value', name: it.name, scope: 'account', id: it.id };
  }
  protected explainDay(it: Account, on: string): Promise<void> {
    return explain(this.dialogs, { ...this.explained(it), on });
  }
  protected async rename(name: string): Promise<void> {
    const wanted = await this.dialogs.open<string>(() => import('../ui/rename').then((m) => m.Rename), {
      title: 'Rename the account',
      name,
    });
    if (wanted) await this.change({ name: wanted });
  }
  protected async archive(archived: boolean): Promise<void> {
    await this.change({ archived });
  }
  protected async chooseMethod(chosen: CostBasisMethod | null): Promise<void> {
    const load = () => import('./account-method').then((m) => m.AccountMethod);
    const wanted = await this.dialogs.open<CostBasisMethod | 'mine'>(load, chosen);
    if (wanted) await this.change({ costBasisMethod: wanted === 'mine' ? null : wanted });
  }
  protected async addHolding(): Promise<void> {
    const load = () => import('../holdings/add-holding').then((m) => m.AddHolding);
    const id = await this.dialogs.open<string>(load, { accountId: this.id() });
    if (id) await this.router.navigateByUrl(paths.holding(id));
  }
  private async change(body: UpdateAccount): Promise<void> {
    this.failed.set('');
    try {
      await this.api.call(updateAccount, { id: this.id(), body });
      this.live.touch('portfolio');
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}
