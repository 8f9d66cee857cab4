import { Component, computed, inject, signal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { correctTransaction, createTransaction, listCurrencies } from '../../api/functions';
import type { CreateTransaction, Holding, Transaction, TransactionKind } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { amount, FORM, FORM_LOOK, Saving } from '../ui/form';
import { parseAmount, typedAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { instantOf, localNow, localOf } from '../ui/time';
import { ACTION_WORDS, optionsOf, TRANSACTION_WORDS } from './words';

/** A row that is wrong, to be replaced by what the form says. */
export interface Correction {
  holding: Holding;
  wrong: Transaction;
}

/** Adds a line to the ledger of a holding, or corrects one. The kind says the sign, except for an adjustment. */
@Component({
  selector: 'app-add-transaction',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame, Icon],
  templateUrl: './add-transaction.html',
})
export class AddTransaction {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  private readonly asked = inject(DIALOG_VALUE) as Holding | Correction;
  protected readonly wrong = 'wrong' in this.asked ? this.asked.wrong : undefined;
  protected readonly holding = 'wrong' in this.asked ? this.asked.holding : this.asked;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly kinds = optionsOf(TRANSACTION_WORDS).filter(
    (one) => one.value !== 'opening-balance' && !(one.value in ACTION_WORDS),
  );
  private readonly listed = read(listCurrencies, () => ({}));
  protected readonly currencies = computed(() => {
    const listed = (this.listed.value()?.items ?? []).map(({ code, name }) => ({ code, label: `${code} · ${name}` }));
    const used = [this.wrong?.price?.currency, this.wrong?.fee?.currency].filter((code) => code !== undefined);
    const others = [...new Set(used)].filter((code) => !listed.some((one) => one.code === code));
    return [...listed, ...others.map((code) => ({ code, label: code }))];
  });
  protected readonly model = signal({
    kind: this.wrong?.kind ?? ((this.holding.asset.kind === 'fiat' ? 'deposit' : 'buy') as TransactionKind),
    quantity: this.typed(
      this.wrong?.kind === 'adjustment' ? this.wrong.quantity : this.wrong?.quantity.replace(/^-/, ''),
    ),
    occurred: this.wrong ? localOf(this.wrong.occurredAt) : localNow(),
    price: this.typed(this.wrong?.price?.value),
    priceCurrency: this.wrong?.price?.currency ?? this.holding.price?.currency ?? this.prefs.base(),
    fee: this.typed(this.wrong?.fee?.quantity),
    feeCurrency: this.wrong?.fee?.currency ?? this.prefs.base(),
    description: this.wrong?.description ?? '',
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
    const done = await this.saving.run(event, this.fields, () =>
      this.wrong
        ? this.api.call(correctTransaction, { id: this.wrong.id, body: this.body() })
        : this.api.call(createTransaction, { id: this.holding.id, body: this.body() }),
    );
    if (!done) return;
    this.live.touch('portfolio');
    this.ref.close(true);
  }
  private body(): CreateTransaction {
    const { kind, quantity, occurred, price, priceCurrency, fee, feeCurrency, description } = this.model();
    const locale = this.prefs.locale();
    const exactPrice = parseAmount(locale, price);
    const exactFee = parseAmount(locale, fee);
    const wrong = this.wrong;
    return {
      kind,
      quantity: parseAmount(locale, quantity) ?? '',
      // Left alone it keeps the part of a second that the field cannot show.
      occurredAt: wrong && occurred === localOf(wrong.occurredAt) ? wrong.occurredAt : instantOf(occurred),
      ...(exactPrice ? { price: exactPrice, priceCurrency } : {}),
      ...(exactFee ? { fee: exactFee, feeCurrency } : {}),
      ...(description.trim() ? { description: description.trim() } : {}),
    };
  }
  private typed(amount: string | undefined): string {
    return amount === undefined ? '' : typedAmount(this.prefs.locale(), amount);
  }
}
