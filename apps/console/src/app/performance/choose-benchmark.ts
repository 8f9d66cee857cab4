import { Component, inject, signal } from '@angular/core';
import type { Asset } from '../../api/models';
import { AssetPicker, assetOf, type Picked } from '../holdings/asset-picker';
import { Api } from '../shell/api';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, OpenDialog } from '../ui/dialog-ref';
import { Icon } from '../ui/icon';
import type { ChosenBenchmark } from './benchmark-choice';

/** Picks what returns are compared with, among all that has prices. */
@Component({
  selector: 'app-choose-benchmark',
  imports: [AssetPicker, DialogFrame, Icon],
  template: `<ui-dialog title="Compare with">
    <p class="muted">Anything that has prices: a fund, an index fund, a coin, a currency.</p>
    <app-asset-picker [accepts]="isPriced" [offersOwn]="false" [(picked)]="picked" (pickedChange)="choose($event)" />
    @if (failed()) {
      <p class="form-error" role="alert"><ui-icon name="circle-alert" [size]="16" />{{ failed() }}</p>
    }
  </ui-dialog>`,
})
export class ChooseBenchmark {
  protected readonly ref: OpenDialog<ChosenBenchmark> = inject(DIALOG_REF);
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  protected readonly picked = signal<Picked | null>(null);
  protected readonly failed = signal('');
  /** The demo belongs to nobody: what only you have cannot be laid beside it. */
  protected readonly isPriced = (asset: Asset): boolean =>
    asset.priced || (asset.own && this.session.me()?.portfolio === 'own');

  protected async choose(picked: Picked | null): Promise<void> {
    if (!picked || picked.from === 'own') return;
    const { symbol, name } = picked.from === 'known' ? picked.asset : picked.match;
    this.failed.set('');
    try {
      this.ref.close({ id: await assetOf(this.api, picked), symbol, name });
    } catch (error) {
      this.failed.set(messageOf(error));
      this.picked.set(null);
    }
  }
}
