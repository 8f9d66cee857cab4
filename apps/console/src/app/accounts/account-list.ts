import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { listAccounts, listWallets } from '../../api/functions';
import type { Account } from '../../api/models';
import { Explainable, Explained } from '../explain/explained';
import { INSTITUTION_ICONS } from '../holdings/words';
import { paths } from '../paths';
import { read } from '../shell/api';
import { Dialogs } from '../ui/dialog';
import { CoverageMark } from '../ui/figure';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { walletTag } from '../wallets/words';

@Component({
  selector: 'app-account-list',
  imports: [RouterLink, CoverageMark, Explained, Icon, Empty, ProblemCard, SkeletonRows],
  templateUrl: './account-list.html',
  styleUrl: './account-list.scss',
})
export default class AccountList {
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly icons = INSTITUTION_ICONS;
  protected readonly archived = signal(false);
  protected readonly accounts = read(listAccounts, () => ({}), { live: 'portfolio' });
  /** Beside the accounts, which are there without them. */
  private readonly wallets = read(listWallets, () => ({}), { live: 'job' });
  protected readonly walletTags = computed(
    () => new Map((this.wallets.value()?.items ?? []).map((wallet) => [wallet.accountId, walletTag(wallet)])),
  );
  protected readonly hasArchived = computed(() => this.accounts.value()?.items.some((account) => account.archived));
  protected readonly sections = computed(() => {
    const shown = (this.accounts.value()?.items ?? []).filter((account) => this.archived() || !account.archived);
    return [
      { title: 'What you own', items: shown.filter((account) => account.kind === 'asset') },
      { title: 'What you owe', items: shown.filter((account) => account.kind === 'liability') },
    ].filter((section) => section.items.length);
  });

  protected explained(account: Account): Explainable {
    return { kind: 'value', name: account.name, scope: 'account', id: account.id };
  }
  protected async add(): Promise<void> {
    const id = await this.dialogs.open<string>(() => import('./add-account').then((m) => m.AddAccount));
    if (id) await this.router.navigateByUrl(paths.account(id));
  }
  protected async follow(): Promise<void> {
    const ids = await this.dialogs.open<string[]>(() => import('../wallets/add-wallet').then((m) => m.AddWallet));
    if (ids) await this.router.navigateByUrl(paths.accountOf(ids));
  }
}
