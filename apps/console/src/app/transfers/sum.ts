/** Decimals that no quantity has more of; sums are counted in units of 10^-24, exactly. */
const DECIMALS = 24;

function unitsOf(quantity: string): bigint {
  const [whole = '0', part = ''] = quantity.replace('-', '').split('.');
  const units = BigInt(whole + part.slice(0, DECIMALS).padEnd(DECIMALS, '0'));
  return quantity.startsWith('-') ? -units : units;
}

function textOf(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(DECIMALS + 1, '0');
  const part = digits.slice(-DECIMALS).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}${part ? `.${part}` : ''}`;
}

/** What is left of `whole` once the parts are taken from it, by size: "0" when they add up, negative when they are too much. */
export function leftOf(whole: string, parts: readonly string[]): string {
  const size = (quantity: string): bigint => unitsOf(quantity.replace('-', ''));
  return textOf(parts.reduce((left, part) => left - size(part), size(whole)));
}
