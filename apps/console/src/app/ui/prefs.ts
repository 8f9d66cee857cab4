import { computed, inject, Injectable, signal } from '@angular/core';
import { Session } from '../shell/session';
import {
  formatMoney,
  formatQuantity,
  formatQuantityShort,
  formatRate,
  formatRatio,
  isMoney,
  MoneyOptions,
  MoneyParts,
  moneyParts,
} from './format';
import { readSetting, writeSetting } from './storage';

const DOTS = '•••••';
const UNKNOWN = '—';

/** How this person reads numbers and dates. Templates call these, so a change of settings re-renders them. */
@Injectable({ providedIn: 'root' })
export class Prefs {
  private readonly session = inject(Session);
  private readonly browserLocale = typeof navigator === 'undefined' ? 'en' : navigator.language;
  readonly locale = computed(() => known(this.session.me()?.locale) ?? this.browserLocale);
  readonly timeZone = computed(() => knownZone(this.session.me()?.timeZone));
  readonly base = computed(() => this.session.me()?.baseCurrency ?? 'USD');
  readonly hidden = signal(readSetting('hidden') === 'yes');

  toggleHidden(): void {
    this.hidden.update((hidden) => !hidden);
    writeSetting('hidden', this.hidden() ? 'yes' : 'no');
  }

  money(amount: string | null | undefined, currency = this.base(), options: MoneyOptions = {}): string {
    if (amount == null) return UNKNOWN;
    return this.hidden() ? DOTS : formatMoney(this.locale(), amount, currency, options);
  }
  /** A price is public knowledge: it stays visible when amounts are hidden. */
  price(value: string, currency: string): string {
    return formatMoney(this.locale(), value, currency, { price: true });
  }
  /** Like a price, known to everybody. */
  rate(value: string): string {
    return formatRate(this.locale(), value);
  }
  parts(amount: string, currency: string): MoneyParts {
    return this.hidden()
      ? { prefix: '', major: DOTS, minor: '', suffix: '' }
      : moneyParts(this.locale(), amount, currency);
  }
  quantity(value: string, symbol: string, signed = false): string {
    return this.hidden() ? DOTS : formatQuantityShort(this.locale(), value, signed, symbol);
  }
  exactQuantity(value: string, signed = false): string {
    return this.hidden() ? DOTS : formatQuantity(this.locale(), value, signed);
  }
  /** How much of something moved: money as money, anything else with its symbol. */
  moved(quantity: string, symbol: string): string {
    if (isMoney(symbol)) return this.money(quantity, symbol, { signed: true });
    return `${this.quantity(quantity, symbol, true)}\u00a0${symbol}`;
  }
  ratio(value: string | null | undefined, signed = false, digits = 2): string {
    return value == null ? UNKNOWN : formatRatio(this.locale(), value, { signed, digits });
  }
  count(value: number): string {
    return new Intl.NumberFormat(this.locale()).format(value);
  }

  time(at: string): string {
    return this.dates({ hour: '2-digit', minute: '2-digit' }).format(new Date(at));
  }
  /** The day of an instant, in the user's time zone. */
  day(at: string): string {
    const sameYear = new Date(at).getFullYear() === new Date().getFullYear();
    return this.dates({ day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }).format(
      new Date(at),
    );
  }
  dayTime(at: string): string {
    return `${this.day(at)}, ${this.time(at)}`;
  }
  /** A calendar day such as 2026-11-20: it has no time zone, so none may move it. */
  calendarDay(day: string, long = false): string {
    const options: Intl.DateTimeFormatOptions = long
      ? { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }
      : { day: 'numeric', month: 'short' };
    return new Intl.DateTimeFormat(this.locale(), { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
  }
  ago(at: string): string {
    const seconds = Math.round((Date.parse(at) - Date.now()) / 1000);
    const format = new Intl.RelativeTimeFormat(this.locale(), { numeric: 'auto' });
    const steps: [Intl.RelativeTimeFormatUnit, number][] = [
      ['day', 86_400],
      ['hour', 3_600],
      ['minute', 60],
    ];
    for (const [unit, size] of steps) {
      if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
    }
    return Math.abs(seconds) < 20 ? 'just now' : format.format(seconds, 'second');
  }

  private dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.locale(), { ...options, timeZone: this.timeZone() });
  }
}

function known(locale: string | undefined): string | undefined {
  if (!locale) return undefined;
  try {
    return Intl.getCanonicalLocales(locale)[0];
  } catch {
    return undefined; // a locale this browser cannot read must not blank the page
  }
}

function knownZone(timeZone: string | undefined): string | undefined {
  if (!timeZone) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined; // likewise: the browser's own zone is the next best
  }
}
