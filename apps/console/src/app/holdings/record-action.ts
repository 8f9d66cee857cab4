import { Component, computed, inject, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { createCorporateAction, listCurrencies, previewCorporateAction } from '../../api/functions';
import type { CorporateActionKind, CreateCorporateAction, Holding } from '../../api/models';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, DIALOG_VALUE, OpenDialog } from '../ui/dialog-ref';
import { amount, FORM, FORM_LOOK, Saving } from '../ui/form';
import { parseAmount } from '../ui/format';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { instantOf, localNow } from '../ui/time';
import { AssetPicker, assetOf, type Picked } from './asset-picker';
import { ACTION_WORDS, optionsOf } from './words';

/** What a company did to its shares, recorded as a whole, with a look at what it makes of the units. */
@Component({
  selector: 'app-record-action',
  providers: [FORM_LOOK],
  imports: [FORM, AssetPicker, DialogFrame, Icon],
  templateUrl: './record-action.html',
  styles: `
    fieldset {
      display: grid;
      gap: 8px;
      min-width: 0;
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0 0 6px;
      font-size: 13px;
      font-weight: 600;
    }
    .preview {
      display: flex;
      align-items: center;
      gap: 8px;
      padding: 10px 12px;
      border-radius: 10px;
      background: var(--c-surface-2);
      font-size: 13px;
      overflow-wrap: anywhere;
    }
    .small {
      font-size: 12.5px;
    }
  `,
})
export class RecordAction {
  protected readonly ref: OpenDialog<boolean> = inject(DIALOG_REF);
  protected readonly holding = inject(DIALOG_VALUE) as Holding;
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  protected readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly kinds = optionsOf(ACTION_WORDS);
  protected readonly currencies = read(listCurrencies, () => ({}));
  protected readonly picked = signal<Picked | null>(null);
  protected readonly unpicked = signal(false);
  protected readonly model = signal({
    kind: 'split' as CorporateActionKind,
    occurred: localNow(),
    newUnits: '2',
    oldUnits: '1',
    cash: '',
    cashCurrency: this.holding.price?.currency ?? this.prefs.base(),
    costPercent: '',
  });
  protected readonly hasRatio = computed(() => ['split', 'spin-off', 'merger'].includes(this.model().kind));
  protected readonly hasOther = computed(() => ['spin-off', 'merger', 'symbol-change'].includes(this.model().kind));
  protected readonly hasCash = computed(() => ['merger', 'return-of-capital'].includes(this.model().kind));
  protected readonly hasShare = computed(
    () => this.model().kind === 'spin-off' || (this.model().kind === 'merger' && this.model().cash.trim() !== ''),
  );
  protected readonly fields = form(this.model, (path) => {
    required(path.occurred, { message: 'Enter when it happened.' });
    amount(path.newUnits, this.prefs.locale, { positive: true });
    amount(path.oldUnits, this.prefs.locale, { positive: true });
    amount(path.cash, this.prefs.locale, { positive: true });
    amount(path.costPercent, this.prefs.locale, { positive: true });
  });
  /** Complete enough to be looked at; an asset that is not known here yet cannot be. */
  private readonly asked = computed(() => {
    const picked = this.picked();
    const assetId = picked?.from === 'known' ? picked.asset.id : undefined;
    if (!this.fields().valid() || (this.hasOther() && !assetId)) return undefined;
    const body = this.body(assetId);
    const lacksShare = this.hasShare() && !body.costShare;
    const lacksRatio = this.hasRatio() && !(body.newUnits && body.oldUnits);
    const lacksCash = body.kind === 'return-of-capital' && !body.cash;
    return lacksShare || lacksRatio || lacksCash ? undefined : { body };
  });
  protected readonly preview = read(previewCorporateAction, () => this.asked());
  protected readonly becomes = computed(() => {
    const it = this.preview.value();
    if (!it || !this.asked() || this.preview.loading() || this.preview.error()) return '';
    const units = (quantity: string, symbol: string | null) => `${this.prefs.exactQuantity(quantity)} ${symbol}`;
    const kept = it.after === '0' && it.received !== null ? [] : [units(it.after, it.symbol)];
    const came = it.received === null ? [] : [units(it.received, it.otherSymbol)];
    return `${units(it.before, it.symbol)} become ${[...kept, ...came].join(' and ')}.`;
  });

  private body(assetId: string | undefined): CreateCorporateAction {
    const { kind, occurred, newUnits, oldUnits, cash, cashCurrency, costPercent } = this.model();
    const exact = (text: string): string | undefined => parseAmount(this.prefs.locale(), text) ?? undefined;
    const [units, forUnits, paid, percent] = [exact(newUnits), exact(oldUnits), exact(cash), exact(costPercent)];
    return {
      holdingId: this.holding.id,
      kind,
      occurredAt: instantOf(occurred),
      ...(this.hasRatio() && units && forUnits ? { newUnits: units, oldUnits: forUnits } : {}),
      ...(this.hasOther() && assetId ? { assetId } : {}),
      ...(this.hasCash() && paid ? { cash: paid, cashCurrency } : {}),
      ...(this.hasShare() && percent ? { costShare: hundredth(percent) } : {}),
    };
  }

  protected async save(event: Event): Promise<void> {
    const picked = this.picked();
    this.unpicked.set(this.hasOther() && !picked);
    if (this.unpicked()) return event.preventDefault();
    const done = await this.saving.run(event, this.fields, async () => {
      const assetId = this.hasOther() && picked ? await assetOf(this.api, picked) : undefined;
      await this.api.call(createCorporateAction, { body: this.body(assetId) });
    });
    if (!done) return;
    this.live.touch('portfolio');
    this.ref.close(true);
  }
}

/** A hundredth, by moving the point: exact, whatever the digits. */
function hundredth(percent: string): string {
  const [whole = '', part = ''] = percent.split('.');
  const digits = whole.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${part}`;
}
