import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { deleteVault, listVaults } from '../../api/functions';
import type { Vault } from '../../api/models';
import { paths } from '../paths';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import type { Question } from '../ui/confirm';
import { Dialogs } from '../ui/dialog';
import { FigureText } from '../ui/figure';
import { signOf, toPixels } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, ProgressBar, SkeletonRows } from '../ui/states';
import { toGoWords } from './words';

/** Savings goals, and how far they have come. */
@Component({
  selector: 'app-vault-list',
  imports: [RouterLink, FigureText, Icon, Empty, ProblemCard, ProgressBar, SkeletonRows],
  templateUrl: './vault-list.html',
  styleUrl: './vault-list.scss',
})
export default class VaultList {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly dialogs = inject(Dialogs);
  private readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly paths = paths;
  protected readonly failed = signal('');
  protected readonly demo = computed(() => this.session.me()?.portfolio === 'demo');
  protected readonly vaults = read(listVaults, () => ({}), { live: 'portfolio' });
  private readonly words = {
    money: (amount: string, currency: string) => this.prefs.money(amount, currency),
    day: (day: string) => this.prefs.calendarDay(day, true),
  };

  protected toGo(vault: Vault): string {
    return toGoWords(vault, this.words, new Date().toISOString().slice(0, 10));
  }
  /** For the length of the bar alone. */
  protected hundredths(vault: Vault): number {
    return vault.ratio === null ? 0 : Math.max(0, Math.min(100, Math.floor(toPixels(vault.ratio) * 100)));
  }
  protected reached(vault: Vault): boolean {
    return vault.missing !== null && signOf(vault.missing) <= 0;
  }
  protected percent(text: string): string {
    return this.prefs.exactQuantity(text);
  }
  protected async create(): Promise<void> {
    const vault = await this.dialogs.open<Vault>(() => import('./vault-form').then((m) => m.VaultForm));
    if (vault) await this.fill(vault);
  }
  protected async change(vault: Vault): Promise<void> {
    await this.dialogs.open(() => import('./vault-form').then((m) => m.VaultForm), vault);
  }
  protected async fill(vault: Vault): Promise<void> {
    const vaults = this.vaults.value()?.items ?? [];
    await this.dialogs.open(() => import('./vault-slices').then((m) => m.VaultSlices), { vault, vaults });
  }
  protected async remove(vault: Vault): Promise<void> {
    this.failed.set('');
    const question: Question = {
      title: `Delete “${vault.name}”?`,
      text: 'Only the goal goes. What was put aside for it can be put aside for another; holdings stay as they are.',
      yes: 'Delete vault',
      danger: true,
    };
    const sure = await this.dialogs.open<boolean>(() => import('../ui/confirm').then((m) => m.Confirm), question);
    if (!sure) return;
    try {
      await this.api.call(deleteVault, { id: vault.id });
      this.live.touch('portfolio');
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}
