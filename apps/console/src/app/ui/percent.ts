/** A share of one as per cent, digit for digit: `0.0425` is `4.25`. Both are plain decimal strings. */
export function percentOf(ratio: string): string {
  return shifted(ratio, 2);
}

/** Per cent as a share of one, digit for digit: `4.25` is `0.0425`. */
export function ratioOf(percent: string): string {
  return shifted(percent, -2);
}

function shifted(amount: string, places: number): string {
  const negative = amount.startsWith('-');
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  const point = Math.max(whole.length, 0) + places;
  const digits = `${whole}${fraction}`.padStart(whole.length + fraction.length + Math.max(0, -point), '0');
  const at = Math.max(point, 0);
  const before =
    digits
      .padEnd(at, '0')
      .slice(0, at)
      .replace(/^0+(?=\d)/, '') || '0';
  const after = digits.slice(at).replace(/0+$/, '');
  const plain = after ? `${before}.${after}` : before;
  return negative && /[1-9]/.test(plain) ? `-${plain}` : plain;
}
