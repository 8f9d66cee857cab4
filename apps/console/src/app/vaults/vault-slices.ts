import { Component, computed, inject, signal } from '@angular/core';
import { listHoldings, setVaultSlices } from '../../api/functions';
import type { Holding, Vault } from '../../api/models';
import { Api, readPages } from '../shell/api';
import { Live } from '../shell/live';
import { ApiError, messageOf } from '../shell/problem';
import { leftOf } from '../transfers/sum';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { parseAmount, signOf, typedAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { MoreButton } from '../ui/more-button';
import { Prefs } from '../ui/prefs';
import { Empty, ProblemCard, SkeletonRows } from '../ui/states';
import { refusedSlices } from './words';

/** The vault that is filled, and all vaults: what the others have put aside of a holding is not to be had. */
export interface Filling {
  vault: Vault;
  vaults: readonly Vault[];
}

/** Which part of which holding is put aside for a vault. */
@Component({
  selector: 'app-vault-slices',
  imports: [DialogFrame, Icon, MoreButton, Empty, ProblemCard, SkeletonRows],
  templateUrl: './vault-slices.html',
  styleUrl: './vault-slices.scss',
})
export class VaultSlices {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  protected readonly of = inject(DIALOG_VALUE) as Filling;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  protected readonly prefs = inject(Prefs);
  protected readonly holdings = readPages(listHoldings, () => ({ sort: 'value' as const, limit: 100 }));
  /** What can be put aside: debts cannot. Slices of holdings that are not listed are kept as they are. */
  protected readonly rows = computed(() => this.holdings.items().filter((one) => one.account.kind === 'asset'));
  protected readonly typed = signal<ReadonlyMap<string, string>>(
    new Map(this.of.vault.slices.map((one) => [one.holdingId, typedAmount(this.prefs.locale(), one.percent)])),
  );
  protected readonly refused = signal<ReadonlyMap<string, string>>(new Map());
  protected readonly failed = signal('');
  protected readonly busy = signal(false);
  private readonly elsewhere = this.of.vaults.filter((one) => one.id !== this.of.vault.id).flatMap((one) => one.slices);

  /** Of a holding, in per cent: what no other vault has. */
  protected left(holdingId: string): string {
    const taken = this.elsewhere.filter((one) => one.holdingId === holdingId).map((one) => one.percent);
    return leftOf('100', taken);
  }
  protected hint(holding: Holding): string {
    const left = this.left(holding.id);
    if (left === '100') return '';
    const said = typedAmount(this.prefs.locale(), left);
    return signOf(left) > 0 ? `${said} % left; the rest is in other vaults` : 'all of it is in other vaults';
  }
  protected type(holdingId: string, text: string): void {
    this.typed.update((before) => new Map(before).set(holdingId, text));
    this.refused.update((before) => new Map([...before].filter(([id]) => id !== holdingId)));
  }
  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    this.failed.set('');
    const entered = [...this.typed()].filter(([, text]) => text.trim());
    const parsed = entered.map(([holdingId, text]) => ({
      holdingId,
      percent: parseAmount(this.prefs.locale(), text),
    }));
    const bad = parsed.filter(({ percent }) => percent === null).map(({ holdingId }) => holdingId);
    this.refused.set(new Map(bad.map((id) => [id, 'Use digits and one decimal mark, for example 12.5.'])));
    if (bad.length) return;
    const slices = parsed.flatMap(({ holdingId, percent }) =>
      percent !== null && signOf(percent) !== 0 ? [{ holdingId, percent }] : [],
    );
    this.busy.set(true);
    try {
      await this.api.call(setVaultSlices, { id: this.of.vault.id, body: { slices } });
      this.live.touch('portfolio');
      this.ref.close(true);
    } catch (error) {
      const fields = refusedSlices(error instanceof ApiError ? (error.problem?.errors ?? []) : []);
      this.refused.set(
        new Map([...fields].map(([index, detail]) => [slices[index]?.holdingId ?? '', `It ${detail}.`])),
      );
      this.failed.set(fields.size ? 'This cannot be put aside as it is; see what is marked.' : messageOf(error));
    } finally {
      this.busy.set(false);
    }
  }
}
