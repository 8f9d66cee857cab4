import { Component, computed, ElementRef, inject, signal } from '@angular/core';
import { listAccounts, listHoldings } from '../../api/functions';
import { paths } from '../paths';
import { DIALOG_REF, OpenDialog } from '../ui/dialog-ref';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-names';
import { read } from './api';
import { ADMIN, DATA, PORTFOLIO, SETTINGS } from './navigation';
import { Session } from './session';

interface Command {
  /** A path to go to, or the name of an action. */
  id: string;
  label: string;
  group: string;
  icon: IconName;
  hint?: string;
}

const ACTIONS: Command[] = [
  { id: 'account', label: 'Add an account', group: 'Actions', icon: 'landmark' },
  { id: 'wallet', label: 'Follow a wallet', group: 'Actions', icon: 'wallet' },
  { id: 'holding', label: 'Add a holding', group: 'Actions', icon: 'coins' },
  { id: 'import', label: 'Import a file', group: 'Actions', icon: 'file-up' },
  { id: 'theme', label: 'Switch theme', group: 'Actions', icon: 'moon' },
  { id: 'hide', label: 'Hide or show amounts', group: 'Actions', icon: 'eye-off' },
  { id: 'keys', label: 'Show the keys', group: 'Actions', icon: 'keyboard', hint: '?' },
];

/** ARIA combobox with a listbox, in a CDK dialog (focus trap, restore, Escape). */
@Component({
  selector: 'app-palette',
  imports: [Icon],
  templateUrl: './palette.html',
  styleUrl: './palette.scss',
})
export class Palette {
  static readonly placement = 'top';
  protected readonly ref: OpenDialog<string> = inject(DIALOG_REF);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly session = inject(Session);
  private readonly holdings = read(listHoldings, () => ({ limit: 200 }));
  private readonly accounts = read(listAccounts, () => ({}));
  protected readonly query = signal('');
  protected readonly index = signal(0);
  private readonly commands = computed<Command[]>(() => [
    ...[...PORTFOLIO, ...DATA, ...(this.session.me()?.role === 'admin' ? ADMIN : []), SETTINGS].map((item) => ({
      id: item.link,
      label: item.label,
      group: 'Go to',
      icon: item.icon,
    })),
    ...ACTIONS,
    ...(this.accounts.value()?.items ?? []).map((account) => ({
      id: paths.account(account.id),
      label: account.name,
      group: 'Accounts',
      icon: 'landmark' as const,
      hint: account.institution.name,
    })),
    ...(this.holdings.value()?.items ?? []).map((holding) => ({
      id: paths.holding(holding.id),
      label: `${holding.asset.name} (${holding.asset.symbol})`,
      group: 'Holdings',
      icon: 'coins' as const,
      hint: holding.account.name,
    })),
  ]);
  protected readonly found = computed(() => {
    const words = this.query().trim().toLowerCase().split(/\s+/).filter(Boolean);
    const matching = this.commands().filter((command) => {
      const text = `${command.label} ${command.group} ${command.hint ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    return words.length
      ? matching.slice(0, 30)
      : matching.filter((command) => command.group !== 'Holdings').slice(0, 30);
  });
  protected readonly groups = computed(() =>
    [...new Set(this.found().map((command) => command.group))].map((name) => ({
      name,
      items: this.found().filter((command) => command.group === name),
    })),
  );
  protected readonly active = computed(() => this.found()[this.index()]);

  protected optionId(command: Command): string {
    return `cmd-${this.found().indexOf(command)}`;
  }
  protected key(event: KeyboardEvent): void {
    const count = this.found().length;
    if (event.key === 'Enter') {
      event.preventDefault();
      const command = this.active();
      if (command) this.ref.close(command.id);
      return;
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? count - 1 : 0;
    if (!step || !count) return;
    event.preventDefault();
    this.index.update((index) => (index + step) % count);
    queueMicrotask(() => this.host.nativeElement.querySelector('.on')?.scrollIntoView({ block: 'nearest' }));
  }
}
