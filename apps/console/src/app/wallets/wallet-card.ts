import { Component, computed, inject, input, signal } from '@angular/core';
import { cancelJob, deleteWallet, listWallets, syncWallet } from '../../api/functions';
import type { Wallet } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Dialogs } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { ProgressBar } from '../ui/states';
import { readWords } from './words';

/** The wallet whose account this is, where it is one: where it stands, and what can be done. */
@Component({
  selector: 'app-wallet-card',
  imports: [Icon, ProgressBar],
  templateUrl: './wallet-card.html',
  styleUrl: './wallet-card.scss',
})
export class WalletCard {
  readonly accountId = input.required<string>();
  readonly mayChange = input.required<boolean>();
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly dialogs = inject(Dialogs);
  protected readonly prefs = inject(Prefs);
  protected readonly said = signal('');
  protected readonly failed = signal('');
  protected readonly busy = signal(false);
  private readonly wallets = read(listWallets, () => ({}), { live: 'job' });
  protected readonly wallet = computed(() =>
    this.wallets.value()?.items.find(({ accountId }) => accountId === this.accountId()),
  );
  /** What is heard of its job is newer than what was read. */
  private readonly job = computed(() => {
    const id = this.wallet()?.sync?.jobId;
    return id ? this.live.jobs().get(id) : undefined;
  });
  protected readonly reading = computed(() => {
    const sync = this.wallet()?.sync;
    if (!sync || (sync.state !== 'active' && this.job()?.state !== 'active')) return undefined;
    return readWords(this.job()?.progress?.done ?? sync.done);
  });
  protected readonly look = computed(() => {
    const wallet = this.wallet();
    if (this.reading()) return { word: 'reading', tone: 'accent' };
    if (wallet?.problem) return { word: 'not up to date', tone: 'warn' };
    if (wallet?.sync) return { word: 'waiting', tone: '' };
    return wallet?.syncedAt ? { word: 'up to date', tone: 'good' } : { word: 'not read yet', tone: '' };
  });

  protected async copy(address: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
      this.said.set('Copied.');
    } catch {
      // A page that is not a secure context (plain http on a home network) has no clipboard.
      this.said.set('This browser does not let it be copied here: select it and copy it by hand.');
    }
  }
  protected sync({ id }: Wallet): Promise<void> {
    return this.act(() => this.api.call(syncWallet, { id }));
  }
  protected cancel(jobId: string): Promise<void> {
    return this.act(() => this.api.call(cancelJob, { id: jobId }));
  }
  protected async stop({ id, chainName }: Wallet): Promise<void> {
    const sure = await this.dialogs.open<boolean>(() => import('../ui/confirm').then((m) => m.Confirm), {
      title: 'Stop following this wallet?',
      text: `Nothing more is read of it on ${chainName}. Its account stays, with all that is recorded; archive it if it should not be counted. You can follow the address again, and it goes on where it was left.`,
      yes: 'Stop following',
      danger: true,
    });
    if (sure) await this.act(() => this.api.call(deleteWallet, { id }));
  }

  private async act(change: () => Promise<unknown>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failed.set('');
    try {
      await change();
    } catch (error) {
      this.failed.set(messageOf(error));
    } finally {
      this.busy.set(false);
      this.live.touch('job');
    }
  }
}
