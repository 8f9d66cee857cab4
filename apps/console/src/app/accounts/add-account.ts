import { Component, computed, inject, linkedSignal } from '@angular/core';
import { form, maxLength, required } from '@angular/forms/signals';
import { createAccount, listCurrencies, listInstitutions } from '../../api/functions';
import type { AccountKind, InstitutionKind } from '../../api/models';
import { INSTITUTION_WORDS, optionsOf } from '../holdings/words';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { Session } from '../shell/session';
import { DialogFrame } from '../ui/dialog';
import { DIALOG_REF, OpenDialog } from '../ui/dialog-ref';
import { FORM, FORM_LOOK, Saving } from '../ui/form';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';

/** Adds an account, and its institution where that is new; closes with the account's id. */
@Component({
  selector: 'app-add-account',
  providers: [FORM_LOOK],
  imports: [FORM, DialogFrame, Icon],
  templateUrl: './add-account.html',
})
export class AddAccount {
  protected readonly ref: OpenDialog<string> = inject(DIALOG_REF);
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly session = inject(Session);
  private readonly prefs = inject(Prefs);
  protected readonly saving = new Saving();
  protected readonly kinds = optionsOf(INSTITUTION_WORDS);
  protected readonly currencies = read(listCurrencies, () => ({}));
  protected readonly institutions = read(listInstitutions, () => ({}));
  protected readonly model = linkedSignal(() => ({
    name: '',
    kind: 'asset' as AccountKind,
    currency: this.prefs.base(),
    institution: '',
    institutionKind: 'bank' as InstitutionKind,
  }));
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Give it a name, for example Everyday account.' });
    maxLength(path.name, 80, { message: 'Use at most 80 characters.' });
    required(path.institution, { message: 'Enter where it is, for example Revolut, or Home.' });
  });
  protected readonly known = computed(() => {
    const name = this.model().institution.trim().toLowerCase();
    return this.institutions.value()?.items.find((one) => one.name.toLowerCase() === name);
  });

  protected async save(event: Event): Promise<void> {
    let id = '';
    const done = await this.saving.run(event, this.fields, async () => {
      const { name, kind, currency, institution, institutionKind } = this.model();
      const known = this.known();
      const where = known
        ? { institutionId: known.id }
        : { institution: { name: institution.trim(), kind: institutionKind } };
      id = (await this.api.call(createAccount, { body: { name: name.trim(), kind, currency, ...where } })).id;
    });
    if (!done) return;
    await this.session.refresh();
    this.live.touch('portfolio');
    this.ref.close(id);
  }
}
