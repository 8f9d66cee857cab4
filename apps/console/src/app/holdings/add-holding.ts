import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { createHolding, listAccounts, listCurrencies } from '../../api/functions';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { Session } from '../shell/session';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { amount, FORM, FORM_LOOK, Saving } from '../ui/form';
import { parseAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { AssetPicker, assetOf, Picked } from './asset-picker';
import { ASSET_WORDS, optionsOf } from './words';

/** Adds a holding by hand; closes with its id. */
@Component({
  selector: 'app-add-holding',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame, Icon, AssetPicker],
  templateUrl: './add-holding.html',
})
export class AddHolding {
  protected readonly ref: OpenDialog<string> = inject(DIALOG_REF);
  private readonly preset = inject(DIALOG_VALUE) as { accountId: string } | undefined;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly kinds = optionsOf(ASSET_WORDS);
  protected readonly demo = computed(() => this.session.me()?.portfolio === 'demo');
  protected readonly accounts = read(listAccounts, () => ({}));
  protected readonly open = computed(() => {
    // While the demo is shown the list is the demo's: nothing of one's own can be added to it.
    if (this.demo()) return [];
    return (this.accounts.value()?.items ?? []).filter((account) => !account.archived);
  });
  protected readonly currencies = read(listCurrencies, () => ({}));
  protected readonly picked = signal<Picked | null>(null);
  protected readonly unpicked = signal(false);
  protected readonly own = computed(() => {
    const picked = this.picked();
    return picked?.from === 'own' ? picked : null;
  });
  protected readonly unpriced = computed(() => {
    const picked = this.picked();
    return picked?.from === 'own' || (picked?.from === 'known' && !picked.asset.priced);
  });
  protected readonly model = linkedSignal(() => ({
    accountId: this.preset?.accountId ?? this.open()[0]?.id ?? '',
    balance: '',
    price: '',
    currency: this.prefs.base(),
  }));
  protected readonly fields = form(this.model, (path) => {
    required(path.accountId, { message: 'Choose an account.' });
    amount(path.balance, this.prefs.locale, { required: 'Enter how much you have.', negative: 'allowed' });
    amount(path.price, this.prefs.locale, { positive: true });
  });

  protected changeOwn(change: Partial<Picked & { from: 'own' }>): void {
    const own = this.own();
    if (own) this.picked.set({ ...own, ...change });
  }
  protected async save(event: Event): Promise<void> {
    const picked = this.picked();
    this.unpicked.set(!picked);
    let id = '';
    const done = await this.saving.run(event, this.fields, async () => {
      if (!picked) throw new Error('Choose an asset first.');
      const { accountId, balance, price, currency } = this.model();
      const locale = this.prefs.locale();
      const value = parseAmount(locale, price);
      const holding = await this.api.call(createHolding, {
        body: {
          accountId,
          assetId: await assetOf(this.api, picked),
          balance: parseAmount(locale, balance) ?? '',
          ...(value ? { price: { value, currency } } : {}),
        },
      });
      id = holding.id;
    });
    if (!done) return;
    this.live.touch('portfolio');
    this.ref.close(id);
  }
}
