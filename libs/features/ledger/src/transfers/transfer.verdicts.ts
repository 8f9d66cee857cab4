import { decimal, type Decimal, decimalText, sum } from '@scani/money';
import { Invalid } from '@scani/runtime';

/** An entry about which a person says something. */
export interface DecidedSide {
  id: string;
  holdingId: string;
  assetId: string;
  coingeckoId: string | null;
  /** Signed. */
  quantity: string;
}

/** More than this part of an outflow cannot have arrived. */
const MOST_ARRIVED = decimal('1.1');

const refuse = (code: string, sentence: string, detail: string): Invalid =>
  new Invalid(code, sentence, [{ pointer: '/transactionIds', detail }]);

/** The ids of a pair, the outflow first. Throws Invalid for what cannot be the two sides of one move. */
export function requirePair(sides: readonly DecidedSide[]): [string, string] {
  const [outs, ins] = [sides.filter(isOut), sides.filter((side) => !isOut(side))];
  const [out, into] = [outs[0], ins[0]];
  if (sides.length !== 2 || !out || !into) {
    throw refuse('two-sides', 'A pair has two sides: what left, and what arrived.', 'name one outflow and one inflow');
  }
  requireOneThing(sides);
  requireOtherHoldings(out, [into]);
  const [left, arrived] = [sizeOf(out), sizeOf(into)];
  if (arrived.gt(left.times(MOST_ARRIVED))) {
    throw refuse(
      'more-arrived',
      `${decimalText(arrived.minus(left))} more arrived than left, so these are not the two sides of one move.`,
      'the inflow must not be more than 10 % above the outflow',
    );
  }
  return [out.id, into.id];
}

/** The ids of a split, the one side first. Throws Invalid, which says the difference where the parts do not add up. */
export function requireSplit(sides: readonly DecidedSide[]): string[] {
  const [outs, ins] = [sides.filter(isOut), sides.filter((side) => !isOut(side))];
  const [whole, parts] = outs.length === 1 ? [outs[0], ins] : [ins[0], outs];
  if (!whole || parts.length < 2 || (outs.length > 1 && ins.length > 1)) {
    throw refuse(
      'one-and-several',
      'A split has one entry on one side and several on the other.',
      'name one outflow and several inflows, or the other way round',
    );
  }
  requireOneThing(sides);
  requireOtherHoldings(whole, parts);
  const difference = sizeOf(whole).minus(sum(parts.map(sizeOf)));
  if (!difference.isZero()) {
    const text = decimalText(difference.abs());
    throw new Invalid(
      'parts-differ',
      `The parts are ${text} ${difference.isNegative() ? 'more' : 'less'} than the whole. They have to add up exactly.`,
      [{ pointer: '/transactionIds', detail: `differ by ${text}` }],
      { difference: decimalText(difference) },
    );
  }
  return [whole.id, ...parts.map((part) => part.id)];
}

const isOut = (side: DecidedSide): boolean => side.quantity.startsWith('-');
const sizeOf = (side: DecidedSide): Decimal => decimal(side.quantity).abs();

/** One asset; or assets that CoinGecko knows as one, since a person may know of bridges that Scani does not see. */
function requireOneThing(sides: readonly DecidedSide[]): void {
  const [first] = sides;
  const same = sides.every(
    (side) => side.assetId === first?.assetId || (side.coingeckoId !== null && side.coingeckoId === first?.coingeckoId),
  );
  if (!same) throw refuse('other-asset', 'What left and what arrived are different assets.', 'must be of one asset');
}

function requireOtherHoldings(whole: DecidedSide, parts: readonly DecidedSide[]): void {
  if (parts.every((part) => part.holdingId !== whole.holdingId)) return;
  throw refuse('same-holding', 'A transfer goes from one holding to another.', 'must be in different accounts');
}
