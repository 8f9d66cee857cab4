import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { listAccounts, listCurrencies, updateMe } from '../../api/functions';
import { paths } from '../paths';
import { Api, read } from '../shell/api';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';

/** The way from nothing to a first figure, in three steps; each can be skipped and found again. */
@Component({
  selector: 'app-start',
  imports: [RouterLink, Icon],
  templateUrl: './start.html',
  styleUrl: './start.scss',
})
export default class Start {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly failed = signal('');
  private readonly currencyDone = signal(false);
  protected readonly currencies = read(listCurrencies, () => ({}));
  private readonly accounts = read(listAccounts, () => ({}), { live: 'portfolio' });
  protected readonly hasAccount = computed(() => this.session.me()?.hasAccounts ?? false);
  protected readonly account = computed(() =>
    this.hasAccount() && this.session.me()?.portfolio === 'own' ? this.accounts.value()?.items[0] : undefined,
  );
  protected readonly step = computed(() => (this.hasAccount() ? 3 : this.currencyDone() ? 2 : 1));

  protected async chooseBase(baseCurrency: string): Promise<void> {
    this.failed.set('');
    try {
      this.session.set(await this.api.call(updateMe, { body: { baseCurrency } }));
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
  protected next(): void {
    this.currencyDone.set(true);
  }
  protected async addAccount(): Promise<void> {
    await this.dialogs.open<string>(() => import('../accounts/add-account').then((m) => m.AddAccount));
  }
  protected async follow(): Promise<void> {
    const load = () => import('../wallets/add-wallet').then((m) => m.AddWallet);
    const ids = await this.dialogs.open<string[]>(load);
    if (ids) await this.router.navigateByUrl(paths.accountOf(ids));
  }
  protected async addHolding(): Promise<void> {
    const load = () => import('../holdings/add-holding').then((m) => m.AddHolding);
    const id = await this.dialogs.open<string>(load);
    if (id) await this.router.navigateByUrl(paths.dashboard);
  }
}
