import { DAY_MS } from '@scani/money';

/** A split as one account has it recorded. */
export interface Split {
  holdingId: string;
  at: number;
  ratio: { new: bigint; old: bigint };
}

/** One split of a share, with the instants at which the accounts that held it say it happened. */
interface ShareSplit {
  ratio: Split['ratio'];
  at: number;
  atOf: Map<string, number>;
}

/** Accounts date one split some days apart. */
const ONE_SPLIT_MS = 7 * DAY_MS;

export interface Factor {
  new: bigint;
  old: bigint;
}
const UNCHANGED: Factor = { new: 1n, old: 1n };

/**
 * The splits of one share over all accounts that pool it. An account that recorded none (it held nothing then) goes by
 * the others.
 */
export class Splits {
  private readonly splits: ShareSplit[] = [];

  constructor(recorded: readonly Split[]) {
    for (const split of recorded.toSorted((one, other) => one.at - other.at)) {
      const known = this.splits.find(
        ({ ratio, at, atOf }) =>
          ratio.new * split.ratio.old === ratio.old * split.ratio.new &&
          split.at - at <= ONE_SPLIT_MS &&
          !atOf.has(split.holdingId),
      );
      if (known) known.atOf.set(split.holdingId, split.at);
      else this.splits.push({ ratio: split.ratio, at: split.at, atOf: new Map([[split.holdingId, split.at]]) });
    }
  }

  /** What a unit of that instant has become by now. */
  factorAfter(holdingId: string, at: number): Factor {
    if (this.splits.length === 0) return UNCHANGED;
    return this.after(holdingId, at).reduce(
      (factor, { ratio }) => ({ new: factor.new * ratio.new, old: factor.old * ratio.old }),
      UNCHANGED,
    );
  }

  /** When the next one after that instant was. */
  nextAfter(holdingId: string, at: number): number | undefined {
    return this.after(holdingId, at)
      .map((split) => split.atOf.get(holdingId) ?? split.at)
      .sort((one, other) => one - other)[0];
  }

  private after(holdingId: string, at: number): ShareSplit[] {
    return this.splits.filter((split) => (split.atOf.get(holdingId) ?? split.at) > at);
  }
}
