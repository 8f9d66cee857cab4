import { decimal, isDecimalText } from '@scani/money';
import { readAmount } from './amount.js';
import { separatorOf } from './csv.columns.js';
import type { DecimalSeparator } from './mapping.js';

export const POSITION_KINDS = ['fiat', 'crypto', 'stock', 'private', 'other'] as const;
export type PositionKind = (typeof POSITION_KINDS)[number];
export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** A position as a picture has it. Amounts are texts as they are written there. */
export interface WrittenPosition {
  readonly name: string;
  readonly symbol: string | null;
  readonly kind: PositionKind | null;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly value: string | null;
  readonly currency: string | null;
  readonly unreadable: readonly string[];
  readonly confidence: Confidence;
}

/** The same, with its amounts read: exact decimals in plain notation, null for what is not there or cannot be read. */
export interface ReadPosition extends Omit<WrittenPosition, 'unreadable'> {
  readonly read: { readonly quantity: string | null; readonly price: string | null; readonly value: string | null };
  /** What its owner has to look at, with what to do. */
  readonly doubts: string[];
}

const PARTS = ['quantity', 'price', 'value'] as const;
type Part = (typeof PARTS)[number];
const PART_WORDS: Record<Part, string> = { quantity: 'The quantity', price: 'The price', value: 'The value' };

/** Apps show rounded amounts, so quantity × price may be off by so much of the value. */
const TOLERANCE = '0.01';
const ROUNDED = /^(?:k|m|b|t|bn|mn|mio|mrd|tsd|tn|million|billion)\.?$/i;
const WORD_AFTER = /(?<=\d)\s*(\p{L}+\.?)$/u;
const WORD_BEFORE = /^(\p{L}+\.?)\s*(?=[\d+\-−(])/u;

/**
 * Reads the amounts of a picture. Which mark is the decimal one is decided once for the picture: by which of the two ways
 * more amounts can be read and more values are their quantity times their price. What cannot be read becomes a doubt.
 */
export function readPositions(positions: readonly WrittenPosition[]): ReadPosition[] {
  const texts = positions.flatMap((position) => PARTS.flatMap((part) => position[part] ?? [])).map(bare);
  const separator = separatorIn(positions, texts);
  const told = texts.some((text) => !isAmbiguous(text) && /\d[.,]\d/.test(text));
  return positions.map((position) => readOne(position, separator, told));
}

function separatorIn(positions: readonly WrittenPosition[], texts: readonly string[]): DecimalSeparator {
  const likely = separatorOf(texts);
  const other = likely === '.' ? ',' : '.';
  return scoreOf(positions, other) > scoreOf(positions, likely) ? other : likely;
}

function scoreOf(positions: readonly WrittenPosition[], separator: DecimalSeparator): number {
  return positions.reduce((score, position) => {
    const read = amountsOf(position, separator);
    const readable = PARTS.filter((part) => read[part].value !== null).length;
    return score + readable + (multiplies(read) === true ? 10 : 0);
  }, 0);
}

type Amounts = Record<Part, { value: string | null; why: string | null }>;

function amountsOf(position: WrittenPosition, separator: DecimalSeparator): Amounts {
  const read = (part: Part): { value: string | null; why: string | null } => {
    const written = position[part];
    if (written === null) return { value: null, why: null };
    const word = WORD_AFTER.exec(written.trim())?.[1];
    if (word !== undefined && ROUNDED.test(word)) return { value: null, why: `“${written}” is rounded.` };
    const amount = readAmount(bare(written), separator);
    return amount.ok ? { value: amount.value, why: null } : { value: null, why: amount.why };
  };
  return { quantity: read('quantity'), price: read('price'), value: read('value') };
}

/** Without the words beside it: `12 shares`, `Qty 5`, `0.5 DOGE`. */
const bare = (written: string): string => written.trim().replace(WORD_AFTER, '').replace(WORD_BEFORE, '');

/** Whether the value is about quantity × price; undefined where one of them is missing. */
function multiplies(read: Amounts): boolean | undefined {
  const [quantity, price, value] = [read.quantity.value, read.price.value, read.value.value];
  if (quantity === null || price === null || value === null) return undefined;
  const product = decimal(quantity).times(decimal(price));
  return product.minus(decimal(value)).abs().lessThanOrEqualTo(decimal(value).abs().times(TOLERANCE));
}

/** `told`: other amounts of the picture say which mark is the decimal one. */
function readOne(position: WrittenPosition, separator: DecimalSeparator, told: boolean): ReadPosition {
  const { unreadable, ...written } = position;
  const read = amountsOf(position, separator);
  const doubts = PARTS.flatMap((part) => {
    if (read[part].why !== null) return [`${PART_WORDS[part]} could not be read: ${read[part].why}`];
    return unreadable.includes(part) ? [`${PART_WORDS[part]} could not be read.`] : [];
  });
  if (multiplies(read) === false) {
    doubts.push(
      'Quantity times price is not the value: one of them may have been read wrongly. Compare with the picture.',
    );
  }
  const quantity = quantityOf(position, read);
  if (quantity === null && read.value.value !== null) {
    doubts.push('Only its value in money is known. Enter how many there are, or leave it out.');
  } else if (quantity === null) {
    doubts.push('Enter how many there are, or leave it out.');
  }
  if (!told && quantity !== null && multiplies(read) !== true && isAmbiguous(bare(position.quantity ?? ''))) {
    doubts.push(`“${position.quantity}” could also be read with the other decimal mark. Compare with the picture.`);
  }
  if (position.confidence === 'low') doubts.push('The model is not sure of this row. Compare it with the picture.');
  return { ...written, read: { quantity, price: read.price.value, value: read.value.value }, doubts };
}

/** Of money the value is the quantity; of anything else a quantity is never made from value and price. */
function quantityOf({ kind, symbol, currency }: WrittenPosition, read: Amounts): string | null {
  if (read.quantity.value !== null) return read.quantity.value;
  const isMoney = kind === 'fiat' && (symbol === null || currency === null || symbol === currency);
  return isMoney ? read.value.value : null;
}

/** One mark, followed by exactly three digits: thousands, or a fraction. No thousands begin with a zero. */
const isAmbiguous = (written: string): boolean => /^\D*[1-9]\d{0,2}[.,]\d{3}\D*$/.test(written.trim());

/** Whether a text is an amount as it is kept with a position. */
export const isAmount = (text: string | null): boolean => text === null || isDecimalText(text);
