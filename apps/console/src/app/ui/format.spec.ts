import {
  formatMoney,
  formatQuantity,
  formatQuantityShort,
  formatRatio,
  isMoney,
  moneyParts,
  parseAmount,
  signOf,
  typedAmount,
} from './format';

it.each(['en-GB', 'de-DE', 'fr-FR', 'de-CH', 'hi-IN', 'sv-SE', 'ar-EG'])(
  'what is filled into a field reads back the same: %s',
  (locale) => {
    for (const amount of ['0', '1.234', '1234567.5', '-0.00000001', '123456789012345678901.123456789012345678']) {
      expect(parseAmount(locale, typedAmount(locale, amount))).toBe(amount);
    }
  },
);

describe('formatMoney', () => {
  it('keeps every digit that a float would lose', () => {
    expect(formatMoney('en', '90071992547409931234.56', 'USD')).toBe('$90,071,992,547,409,931,234.56');
  });
  it('writes a real minus sign, and a plus only when asked', () => {
    expect(formatMoney('en', '-1284.7', 'USD')).toBe('\u2212$1,284.70');
    expect(formatMoney('en', '1284.7', 'USD', { signed: true })).toBe('+$1,284.70');
    expect(formatMoney('en', '0', 'USD', { signed: true })).toBe('$0.00');
  });
  it('never shows a minus before nothing', () => {
    expect(formatMoney('en', '-0.004', 'USD')).toBe('$0.00');
  });
  it('uses the decimals of the currency', () => {
    expect(formatMoney('en', '1234.5', 'JPY')).toBe('¥1,235');
  });
  it('names a currency that is not an ISO code behind the amount', () => {
    expect(formatMoney('en', '12.5', 'USDT')).toBe('12.5\u00a0USDT');
  });
  it('keeps significant digits of small prices, and leaves zero alone', () => {
    expect(formatMoney('en', '0.0000123456789', 'USD', { price: true })).toBe('$0.0000123457');
    expect(formatMoney('en', '0.00', 'USD', { price: true })).toBe('$0.00');
  });
});

describe('moneyParts', () => {
  it('splits a headline in reading order', () => {
    expect(moneyParts('en', '-248613.4', 'EUR')).toEqual({
      prefix: '\u2212€',
      major: '248,613',
      minor: '.40',
      suffix: '',
    });
    expect(moneyParts('de', '248613.4', 'EUR')).toEqual({
      prefix: '',
      major: '248.613',
      minor: ',40',
      suffix: '\u00a0€',
    });
  });
});

describe('quantities', () => {
  it('shows 24 decimals to the last digit', () => {
    expect(formatQuantity('en', '1.000000000000000000000001')).toBe('1.000000000000000000000001');
  });
  it('cuts the short form and never rounds it up', () => {
    expect(formatQuantityShort('en', '0.999999999')).toBe('0.99999999');
    expect(formatQuantityShort('en', '125000000.999')).toBe('125,000,000.99');
    expect(formatQuantityShort('en', '1855.409', true, 'EUR')).toBe('+1,855.40');
    expect(formatQuantityShort('en', '1500', false, 'JPY')).toBe('1,500');
  });
});

describe('formatRatio', () => {
  it('is exact and signed', () => {
    expect(formatRatio('en', '0.0123', { signed: true })).toBe('+1.23%');
    expect(formatRatio('en', '-0.5', { digits: 1 })).toBe('\u221250.0%');
  });
});

describe('isMoney', () => {
  it('tells currencies from other symbols of three letters', () => {
    expect(['EUR', 'USD', 'BTC', 'OWN', 'VWCE'].filter(isMoney)).toEqual(['EUR', 'USD']);
  });
});

describe('signOf', () => {
  it('reads the sign from the digits', () => {
    expect(signOf('-0.00')).toBe(0);
    expect(signOf('-0.000000000000000000000001')).toBe(-1);
    expect(signOf('0.1')).toBe(1);
  });
});

describe('parseAmount', () => {
  it.each([
    ['en', '1,234.56', '1234.56'],
    ['en', '1,234', '1234'],
    ['en', '1,5', '1.5'],
    ['en', '.25', '0.25'],
    ['de', '1.234,56', '1234.56'],
    ['de', '1.234', '1234'],
    ['de', '1,5', '1.5'],
    ['de', '1.5', '1.5'],
    ['fr', '1\u202f234,5', '1234.5'],
    ['de-CH', '1’234.50', '1234.50'],
    ['en', '\u22123', '-3'],
    ['en', '-0', '0'],
    ['en', '007', '7'],
    ['en', '0.000000000000000000000001', '0.000000000000000000000001'],
  ])('reads %s “%s” as %s', (locale, typed, wanted) => {
    expect(parseAmount(locale, typed)).toBe(wanted);
  });
  it.each(['', 'abc', '1e5', '1,2,3', '1.2.3', '--1', '.', '0.0000000000000000000000001', '12,34.5'])(
    'refuses “%s”',
    (typed) => {
      expect(parseAmount('en', typed)).toBeNull();
    },
  );
});
