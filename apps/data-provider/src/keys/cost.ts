import { decimal } from '@scani/money';

/** Costs are counted in millionths of a US dollar, which are whole. */
const MICROS = 1_000_000;

/** Millionths, as US dollars in exact decimal text. */
export const dollars = (micros: number): string => decimal(String(micros)).dividedBy(MICROS).toFixed();

/** US dollars in decimal text, as whole millionths; what is less than one is left out. */
export const micros = (amount: string): number => decimal(amount).times(MICROS).floor().toNumber();
