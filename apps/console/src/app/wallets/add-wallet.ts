import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { createWallets, lookUpAddress } from '../../api/functions';
import type { AddressPlace } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { ApiError, messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, OpenDialog } from '../ui/dialog-ref';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/states';
import { canFollow, firstChoice, likelyFirst, shortAddress, whyNot } from './words';

const PAUSE_MS = 350;
/** More than this are easier to find by typing. */
const EASY_TO_SCAN = 8;

/** Follows an address on one or more chains; closes with the accounts that were made. */
@Component({
  selector: 'app-add-wallet',
  imports: [DialogFrame, Icon, Skeleton],
  templateUrl: './add-wallet.html',
  styleUrl: './add-wallet.scss',
})
export class AddWallet {
  protected readonly ref: OpenDialog<string[]> = inject(DIALOG_REF);
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly session = inject(Session);
  protected readonly short = shortAddress;
  protected readonly canFollow = canFollow;
  protected readonly whyNot = whyNot;
  protected readonly typed = signal('');
  protected readonly name = signal('');
  protected readonly filter = signal('');
  protected readonly failed = signal('');
  protected readonly saving = signal(false);
  private readonly asked = signal('');
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly looked = read(lookUpAddress, () => (this.asked() ? { text: this.asked() } : undefined));
  protected readonly looking = computed(() => this.typed().trim() !== this.asked() || this.looked.loading());
  /** Of what is typed now, not of what stood there before. */
  protected readonly found = computed(() => (this.typed().trim() && !this.looking() ? this.looked.value() : undefined));
  protected readonly away = computed(() => (this.looking() ? undefined : this.looked.error()));
  protected readonly problem = computed(() => (this.away() ? undefined : (this.found()?.problem ?? undefined)));
  protected readonly places = computed(() => (this.away() ? [] : likelyFirst(this.found()?.places ?? [])));
  protected readonly searchable = computed(() => this.places().length > EASY_TO_SCAN);
  protected readonly shown = computed(() => {
    const words = this.filter().trim().toLowerCase();
    return this.places().filter(({ chain }) => `${chain.name} ${chain.symbol}`.toLowerCase().includes(words));
  });
  protected readonly chosen = linkedSignal<AddressPlace[], ReadonlySet<string>>({
    source: this.places,
    computation: (places) => new Set(firstChoice(places)),
  });
  protected readonly open = computed(() => this.places().filter(canFollow));
  protected readonly all = computed(() => this.open().length > 0 && this.chosen().size === this.open().length);

  protected type(text: string): void {
    this.typed.set(text);
    this.failed.set('');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }
  protected ask(): void {
    clearTimeout(this.timer);
    this.filter.set('');
    if (this.asked() === this.typed().trim()) this.looked.reload();
    else this.asked.set(this.typed().trim());
  }
  protected toggle(place: AddressPlace): void {
    const chosen = new Set(this.chosen());
    if (!chosen.delete(place.chain.id)) chosen.add(place.chain.id);
    this.chosen.set(chosen);
  }
  protected toggleAll(): void {
    this.chosen.set(new Set(this.all() ? [] : this.open().map(({ chain }) => chain.id)));
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.saving() || this.looking() || this.chosen().size === 0) return;
    this.saving.set(true);
    this.failed.set('');
    const name = this.name().trim();
    try {
      const body = { address: this.asked(), chains: [...this.chosen()], ...(name ? { name } : {}) };
      const { items } = await this.api.call(createWallets, { body });
      await this.session.refresh();
      this.live.touch('portfolio');
      this.live.touch('job');
      this.ref.close(items.map(({ accountId }) => accountId));
    } catch (error) {
      this.failed.set(error instanceof ApiError ? (error.problem?.detail ?? messageOf(error)) : messageOf(error));
    } finally {
      this.saving.set(false);
    }
  }
}
