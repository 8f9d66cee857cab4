import { Component, inject, linkedSignal, signal } from '@angular/core';
import { form, maxLength } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { listCurrencies, signOut, updateMe } from '../../api/functions';
import { METHOD_WORDS } from '../gains/words';
import { optionsOf } from '../holdings/words';
import { paths } from '../paths';
import { Api, read } from '../shell/api';
import { Live } from '../shell/live';
import { messageOf } from '../shell/problem';
import { Session } from '../shell/session';
import { FORM, FORM_LOOK, Saving } from '../ui/form';
import { Icon } from '../ui/icon';
import { Prefs } from '../ui/prefs';
import { Segmented } from '../ui/segmented';
import { SCHEMES, Theme } from '../ui/theme';
import { LOCALES } from './locales';
import { Sessions } from './sessions';

@Component({
  selector: 'app-settings',
  providers: [FORM_LOOK],
  imports: [RouterLink, FORM, Icon, Segmented, Sessions],
  templateUrl: './settings.html',
  styleUrl: './settings.scss',
})
export default class Settings {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly router = inject(Router);
  protected readonly paths = paths;
  protected readonly session = inject(Session);
  protected readonly prefs = inject(Prefs);
  protected readonly theme = inject(Theme);
  protected readonly schemes = SCHEMES;
  protected readonly locales = LOCALES;
  protected readonly methods = optionsOf(METHOD_WORDS);
  protected readonly zones = zones();
  protected readonly saving = new Saving();
  protected readonly saved = signal(false);
  protected readonly failed = signal('');
  protected readonly currencies = read(listCurrencies, () => ({}));
  private readonly model = linkedSignal(() => {
    const me = this.session.me();
    return {
      displayName: me?.displayName ?? '',
      baseCurrency: me?.baseCurrency ?? 'USD',
      timeZone: me?.timeZone ?? 'UTC',
      locale: me?.locale ?? 'en',
      costBasisMethod: me?.costBasisMethod ?? ('fifo' as const),
    };
  });
  protected readonly fields = form(this.model, (path) => {
    maxLength(path.displayName, 80, { message: 'Use at most 80 characters.' });
  });

  protected async save(event: Event): Promise<void> {
    this.saved.set(false);
    const done = await this.saving.run(event, this.fields, async () => {
      const { displayName, ...rest } = this.model();
      const body = { ...rest, displayName: displayName.trim() || null };
      this.session.set(await this.api.call(updateMe, { body }));
    });
    if (!done) return;
    this.saved.set(true);
    this.live.touch('portfolio');
  }
  protected async leave(): Promise<void> {
    this.failed.set('');
    try {
      await this.api.call(signOut, undefined);
      this.session.set(null);
      await this.router.navigateByUrl(paths.signIn);
    } catch (error) {
      this.failed.set(messageOf(error));
    }
  }
}

/** Every time zone that this browser knows; UTC is not always among them. */
function zones(): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
}
