import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { getTransferCounts, listImports, listJobs } from '../../api/functions';
import { paths } from '../paths';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-names';
import { Logo } from '../ui/logo';
import { Prefs } from '../ui/prefs';
import { readSetting, writeSetting } from '../ui/storage';
import { Theme } from '../ui/theme';
import type { AddChoice } from './add';
import { read } from './api';
import { DemoBanner } from './demo-banner';
import { Live } from './live';
import { ADMIN, DATA, NavItem, PORTFOLIO, SETTINGS, TABS } from './navigation';
import { NewVersion } from './new-version';
import { Session } from './session';

@Component({
  selector: 'app-shell',
  imports: [RouterOutlet, RouterLink, RouterLinkActive, Icon, Logo, DemoBanner, NewVersion],
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
  host: { '(document:keydown)': 'onKey($event)', '[class.rail]': 'rail()' },
})
export default class Shell {
  protected readonly theme = inject(Theme);
  protected readonly prefs = inject(Prefs);
  protected readonly live = inject(Live);
  protected readonly session = inject(Session);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  protected readonly paths = paths;
  protected readonly tabs = TABS;
  protected readonly settings = SETTINGS;
  protected readonly rail = signal(readSetting('rail') === 'yes');
  protected readonly groups = computed(() => [
    { name: 'Portfolio', items: PORTFOLIO },
    { name: 'Data', items: DATA },
    ...(this.session.me()?.role === 'admin' ? [{ name: 'Admin', items: ADMIN }] : []),
  ]);
  private readonly imports = read(listImports, () => ({ limit: 50 }), { live: 'import' });
  private readonly failedJobs = read(listJobs, () => ({ state: 'failed' as const, limit: 50 }), { live: 'job' });
  private readonly transfers = read(getTransferCounts, () => ({}), { live: 'portfolio' });
  private readonly badges = computed(() => ({
    transfers: this.transfers.value()?.toReview,
    imports: this.imports.value()?.items.filter((one) => one.state === 'to-review' || one.state === 'needs-mapping')
      .length,
    jobs: this.failedJobs.value()?.items.length,
  }));
  protected readonly liveWord = computed(
    () => ({ connecting: 'Connecting', live: 'Live', retrying: 'Reconnecting', off: 'Offline' })[this.live.state()],
  );
  protected readonly initials = computed(() => {
    const me = this.session.me();
    const words = (me?.displayName || me?.email || '?').split(/[\s@.]+/).filter(Boolean);
    return words
      .slice(0, 2)
      .map((word) => word[0]?.toUpperCase())
      .join('');
  });
  protected readonly themeIcon = computed<IconName>(
    () => (({ system: 'monitor', light: 'sun', dark: 'moon' }) as const)[this.theme.scheme()],
  );

  protected badge(item: NavItem): number | undefined {
    return item.badge ? this.badges()[item.badge] : undefined;
  }
  protected active(item: NavItem): { exact: boolean } {
    return { exact: item.exact ?? false };
  }
  protected toggleRail(): void {
    this.rail.update((rail) => !rail);
    writeSetting('rail', this.rail() ? 'yes' : 'no');
  }

  protected onKey(event: KeyboardEvent): void {
    const typing =
      event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]');
    const plain = !typing && !event.metaKey && !event.ctrlKey && !event.altKey;
    const palette =
      (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) || (plain && event.key === '/');
    const act = palette
      ? () => this.openPalette()
      : plain && event.key === 'n'
        ? () => this.openAdd()
        : plain && event.key === '?'
          ? () => this.openKeys()
          : null;
    if (!act) return;
    event.preventDefault();
    void act();
  }
  protected async openPalette(): Promise<void> {
    const command = await this.dialogs.open<string>(() => import('./palette').then((m) => m.Palette));
    if (!command) return;
    if (command.startsWith('/')) await this.router.navigateByUrl(command);
    else if (command === 'theme') this.theme.cycle();
    else if (command === 'hide') this.prefs.toggleHidden();
    else if (command === 'keys') await this.openKeys();
    else await this.start(command as AddChoice);
  }
  protected async openAdd(): Promise<void> {
    const choice = await this.dialogs.open<AddChoice>(() => import('./add').then((m) => m.Add));
    if (choice) await this.start(choice);
  }
  private async openKeys(): Promise<void> {
    await this.dialogs.open(() => import('./keys').then((m) => m.Keys));
  }
  private async start(choice: AddChoice): Promise<void> {
    if (choice === 'import') {
      await this.router.navigateByUrl(paths.newImport);
    } else if (choice === 'account') {
      const id = await this.dialogs.open<string>(() => import('../accounts/add-account').then((m) => m.AddAccount));
      if (id) await this.router.navigateByUrl(paths.account(id));
    } else if (choice === 'wallet') {
      const ids = await this.dialogs.open<string[]>(() => import('../wallets/add-wallet').then((m) => m.AddWallet));
      if (ids) await this.router.navigateByUrl(paths.accountOf(ids));
    } else {
      const id = await this.dialogs.open<string>(() => import('../holdings/add-holding').then((m) => m.AddHolding));
      if (id) await this.router.navigateByUrl(paths.holding(id));
    }
  }
}
