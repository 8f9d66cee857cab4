import { Component, computed, inject, signal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { createTransaction, listCurrencies } from '../../api/functions';
import type { Holding, TransactionKind } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { amount, FORM, FORM_LOOK, Saving } from '../ui/form';
import { parseAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { instantOf, localNow } from '../ui/time';
import { ACTION_WORDS, optionsOf, TRANSACTION_WORDS } from './words';

/** Adds a line to the ledger of a holding. The kind says the sign, except for an adjustment. */
@Component({
  selector: 'app-add-transaction',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame, Icon],
  templateUrl: './add-transaction.html',
})
export class AddTransaction {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  protected readonly holding = inject(DIALOG_VALUE) as Holding;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly kinds = optionsOf(TRANSACTION_WORDS).filter(
    (one) => one.value !== 'opening-balance' && !(one.value in ACTION_WORDS),
  );
  protected readonly currencies = read(listCurrencies, () => ({}));
  protected readonly model = signal({
    kind: (this.holding.asset.kind === 'fiat' ? 'deposit' : 'buy') as TransactionKind,
    quantity: '',
    occurred: localNow(),
    price: '',
    priceCurrency: this.holding.price?.currency ?? this.prefs.base(),
    fee: '',
    feeCurrency: this.prefs.base(),
    description: '',
  });
  protected readonly fields = form(this.model, (path) => {
    amount(path.quantity, this.prefs.locale, { required: 'Enter a quantity.', negative: 'allowed' });
    required(path.occurred, { message: 'Enter when it happened.' });
    amount(path.price, this.prefs.locale, { positive: true });
    amount(path.fee, this.prefs.locale, {});
    maxLength(path.description, 300, { message: 'Use at most 300 characters.' });
  });
  protected readonly priced = computed(() => this.model().kind === 'buy' || this.model().kind === 'sell');

  protected async save(event: Event): Promise<void> {
    const done = await this.saving.run(event, this.fields, async () => {
      const { kind, quantity, occurred, price, priceCurrency, fee, feeCurrency, description } = this.model();
      const locale = this.prefs.locale();
      const exactPrice = parseAmount(locale, price);
      const exactFee = parseAmount(locale, fee);
      await this.api.call(createTransaction, {
        id: this.holding.id,
        body: {
          kind,
          quantity: parseAmount(locale, quantity) ?? '',
          occurredAt: instantOf(occurred),
          ...(exactPrice ? { price: exactPrice, priceCurrency } : {}),
          ...(exactFee ? { fee: exactFee, feeCurrency } : {}),
          ...(description.trim() ? { description: description.trim() } : {}),
        },
      });
    });
    if (!done) return;
    this.live.touch('portfolio');
    this.ref.close(true);
  }
}
