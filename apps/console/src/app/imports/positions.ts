import { Component, computed, inject, input, output, signal } from '@angular/core';
import { listPositions, setSeenAt, updatePosition } from '../../api/functions';
import type { Confidence, Import, ImportPosition, UpdatePosition } from '../../api/models';
import { ASSET_WORDS } from '../holdings/words';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Dialogs } from '../ui/dialog';
import { parseAmount, typedAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { ProblemCard, SkeletonRows } from '../ui/states';
import { instantOf, localNow, localOf } from '../ui/time';

export const CONFIDENCE_WORDS: Record<Confidence, { word: string; tone: string }> = {
  high: { word: 'read clearly', tone: 'good' },
  medium: { word: 'fairly sure', tone: '' },
  low: { word: 'not sure', tone: 'warn' },
};

/** What a picture shows, beside the picture, before anything is recorded. */
@Component({
  selector: 'app-positions',
  imports: [Icon, ProblemCard, SkeletonRows],
  templateUrl: './positions.html',
  styleUrl: './positions.scss',
})
export class Positions {
  readonly import = input.required<Import>();
  readonly busy = input(false);
  readonly confirmed = output<void>();
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly dialogs = inject(Dialogs);
  protected readonly prefs = inject(Prefs);
  protected readonly kinds = ASSET_WORDS;
  protected readonly confidences = CONFIDENCE_WORDS;
  protected readonly list = read(listPositions, () => ({ id: this.import().id }), { live: 'import' });
  protected readonly failed = signal('');
  protected readonly saving = signal(0);
  /** What was typed and is no amount, by position. */
  protected readonly wrong = signal<Readonly<Record<number, string>>>({});
  protected readonly pictureGone = signal(false);
  protected readonly picture = computed(() => `/api/imports/${this.import().id}/picture`);
  protected readonly seenAt = computed(() => localOf(this.import().seenAt ?? this.import().createdAt));
  protected readonly now = localNow();
  protected readonly open = computed(() => this.import().counts.problems);
  protected readonly included = computed(() => (this.list.value()?.items ?? []).filter((one) => one.included).length);
  protected readonly ready = computed(
    () =>
      this.included() > 0 && !this.open() && !this.saving() && !this.busy() && Object.keys(this.wrong()).length === 0,
  );

  protected asSeen({ written: { quantity, price, value } }: ImportPosition): string {
    const left = quantity !== null && price !== null ? `${quantity} × ${price}` : (quantity ?? price ?? '');
    return [left, value].filter(Boolean).join(' = ');
  }
  protected typed(position: ImportPosition): string {
    return position.quantity === null ? '' : typedAmount(this.prefs.locale(), position.quantity);
  }
  protected lacks({ included, asset, quantity }: ImportPosition): boolean {
    return included && (asset === null || quantity === null);
  }

  protected async include(position: ImportPosition, included: boolean): Promise<void> {
    await this.save(position, { included });
  }
  protected async setQuantity(position: ImportPosition, text: string): Promise<void> {
    const quantity = text.trim() === '' ? null : parseAmount(this.prefs.locale(), text);
    const { [position.ordinal]: _, ...others } = this.wrong();
    if (quantity === null && text.trim() !== '') {
      this.wrong.set({ ...others, [position.ordinal]: 'Use digits and one decimal mark, for example 0.25.' });
      return;
    }
    this.wrong.set(others);
    if (quantity !== position.quantity) await this.save(position, { quantity });
  }
  protected async choose(position: ImportPosition): Promise<void> {
    const load = () => import('./choose-asset').then((m) => m.ChooseAsset);
    const assetId = await this.dialogs.open<string>(load, position);
    if (assetId) await this.save(position, { assetId });
  }
  protected async setSeenAt(local: string): Promise<void> {
    if (!local) return;
    await this.act(() => this.api.call(setSeenAt, { id: this.import().id, body: { at: instantOf(local) } }));
  }

  private async save(position: ImportPosition, change: Partial<UpdatePosition>): Promise<void> {
    const body = {
      assetId: position.asset?.id ?? null,
      quantity: position.quantity,
      included: position.included,
      ...change,
    };
    await this.act(() => this.api.call(updatePosition, { id: this.import().id, ordinal: position.ordinal, body }));
  }
  private async act(action: () => Promise<unknown>): Promise<void> {
    this.failed.set('');
    this.saving.update((count) => count + 1);
    try {
      await action();
    } catch (error) {
      this.failed.set(messageOf(error));
    } finally {
      this.saving.update((count) => count - 1);
      // A refusal shows again what the server has.
      this.live.touch('import');
    }
  }
}
