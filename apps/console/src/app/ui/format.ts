type Exact = Intl.StringNumericLiteral;

/** A real minus sign: as wide as a plus in tabular figures. */
const MINUS = '\u2212';
const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format;
}

const withMinus = (text: string) => text.replace('-', MINUS);
const isCurrencyCode = (code: string) => /^[A-Za-z]{3}$/.test(code);

export interface MoneyOptions {
  signed?: boolean;
  compact?: boolean;
  /** Prices below one keep six significant digits: half a cent is not nothing. */
  price?: boolean;
}

/** An amount in its currency. Intl.NumberFormat takes decimal strings exactly, so no float lies in between. */
export function formatMoney(locale: string, amount: string, currency: string, options: MoneyOptions = {}): string {
  const small = options.price && /^-?0?\.\d/.test(amount) && !/^-?0?\.0*$/.test(amount);
  const shape: Intl.NumberFormatOptions = {
    signDisplay: options.signed ? 'exceptZero' : 'negative',
    ...(options.compact ? { notation: 'compact', maximumFractionDigits: 1 } : {}),
    ...(small ? { maximumSignificantDigits: 6 } : {}),
  };
  if (isCurrencyCode(currency)) {
    return withMinus(numberFormat(locale, { style: 'currency', currency, ...shape }).format(amount as Exact));
  }
  return `${withMinus(numberFormat(locale, { maximumFractionDigits: 8, ...shape }).format(amount as Exact))}\u00a0${currency}`;
}

export interface MoneyParts {
  prefix: string;
  major: string;
  minor: string;
  suffix: string;
}

/** The pieces of a headline: the whole part large, the cents small. */
export function moneyParts(locale: string, amount: string, currency: string): MoneyParts {
  const out: MoneyParts = { prefix: '', major: '', minor: '', suffix: '' };
  const format = isCurrencyCode(currency)
    ? numberFormat(locale, { style: 'currency', currency, signDisplay: 'negative' })
    : numberFormat(locale, { maximumFractionDigits: 8 });
  for (const part of format.formatToParts(amount as Exact)) {
    if (part.type === 'fraction' || part.type === 'decimal') out.minor += part.value;
    else if (part.type === 'currency' || part.type === 'literal') {
      if (out.major) out.suffix += part.value;
      else out.prefix += part.value;
    } else if (part.type === 'minusSign') out.prefix += MINUS;
    else out.major += part.value;
  }
  if (!isCurrencyCode(currency)) out.suffix = `\u00a0${currency}`;
  return out;
}

/** A quantity to its last digit. */
export function formatQuantity(locale: string, quantity: string, signed = false): string {
  const options = { maximumFractionDigits: 30, signDisplay: signed ? 'exceptZero' : 'negative' } as const;
  return withMinus(numberFormat(locale, options).format(quantity as Exact));
}

/**
 * A quantity for a table: eight significant digits, or the cents of a currency; cut and never rounded up, so it never
 * shows more than is there.
 */
export function formatQuantityShort(locale: string, quantity: string, signed = false, symbol = ''): string {
  const whole = quantity.replace(/^-/, '').split('.')[0]?.length ?? 1;
  if (isMoney(symbol)) {
    const { minimumFractionDigits = 2 } = numberFormat(locale, {
      style: 'currency',
      currency: symbol,
    }).resolvedOptions();
    const cents = { minimumFractionDigits, maximumFractionDigits: Math.max(minimumFractionDigits, 2) };
    const shape = { ...cents, roundingMode: 'trunc', signDisplay: signed ? 'exceptZero' : 'negative' } as const;
    return withMinus(numberFormat(locale, shape).format(quantity as Exact));
  }
  const options: Intl.NumberFormatOptions = {
    ...(whole > 6 ? { maximumFractionDigits: 2 } : { maximumSignificantDigits: 8 }),
    roundingMode: 'trunc',
    signDisplay: signed ? 'exceptZero' : 'negative',
  };
  return withMinus(numberFormat(locale, options).format(quantity as Exact));
}

/** An exact amount as it would be typed into a field of that locale; `parseAmount` reads it back digit for digit. */
export function typedAmount(locale: string, amount: string): string {
  const shape = { useGrouping: false, maximumFractionDigits: 30, numberingSystem: 'latn' } as const;
  // Some locales write marks of direction around a minus.
  return numberFormat(locale, shape)
    .format(amount as Exact)
    .replaceAll(/[\u061c\u200e\u200f]/g, '');
}

/** A rate of exchange to ten significant digits: two decimals would say nothing of a yen in dollars. */
export function formatRate(locale: string, rate: string): string {
  return withMinus(numberFormat(locale, { maximumSignificantDigits: 10 }).format(rate as Exact));
}

let currencies: Set<string> | undefined;

/** Whether a symbol is an ISO currency: `EUR` is, `BTC` is not. */
export function isMoney(symbol: string): boolean {
  currencies ??= new Set(Intl.supportedValuesOf('currency'));
  return currencies.has(symbol);
}

/** A share of one as per cent: 0.0123 is 1.23 %. */
export function formatRatio(
  locale: string,
  ratio: string,
  options: { signed?: boolean; digits?: number } = {},
): string {
  const digits = options.digits ?? 2;
  const shape: Intl.NumberFormatOptions = {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: options.signed ? 'exceptZero' : 'negative',
  };
  return withMinus(numberFormat(locale, shape).format(ratio as Exact));
}

/** The sign of a decimal string, without reading it as a number. */
export function signOf(amount: string): -1 | 0 | 1 {
  if (!/[1-9]/.test(amount.replace(/e.*$/i, ''))) return 0;
  return amount.trim().startsWith('-') ? -1 : 1;
}

/** For drawing only: where a pixel more or less does not matter. Never for an amount that is shown or sent. */
export function toPixels(amount: string): number {
  return Number(amount);
}

function separators(locale: string): { decimal: string; group: string } {
  const parts = numberFormat(locale, { useGrouping: true }).formatToParts('1234567.8' as Exact);
  const find = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { decimal: find('decimal') || '.', group: find('group') };
}

/**
 * Reads an amount as people type it in their locale, into a plain decimal string; null when it is not one.
 * A separator that cannot be a grouping (`1.5` in German, `1,5` in English) is taken as the decimal one.
 */
export function parseAmount(locale: string, text: string): string | null {
  const { decimal, group } = separators(locale);
  let clean = text
    .trim()
    .replace(/[\s\u00a0\u202f'’]/g, '')
    .replace(/^\u2212/, '-')
    .replace(/^\+/, '');
  const grouped = group === ',' || group === '.' ? group : decimal === ',' ? '.' : ',';
  const wellGrouped = new RegExp(`^-?\\d{1,3}(\\${grouped}\\d{3})+(\\${decimal}\\d*)?$`);
  if (wellGrouped.test(clean)) clean = clean.split(grouped).join('').replace(decimal, '.');
  else if (/^-?\d*[.,]?\d*$/.test(clean)) clean = clean.replace(',', '.');
  else return null;
  if (!/^-?(\d+(\.\d*)?|\.\d+)$/.test(clean)) return null;
  const negative = clean.startsWith('-');
  const [whole = '', fraction = ''] = clean.replace('-', '').split('.');
  if (fraction.length > 24 || whole.length > 30) return null;
  const plain = `${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction ? `.${fraction}` : ''}`;
  return negative && signOf(plain) !== 0 ? `-${plain}` : plain;
}
