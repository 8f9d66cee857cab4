import { Inject, Injectable } from '@nestjs/common';
import type { WalletRef } from '@scani/cloud';
import { checkAddress } from '@scani/domain';
import { BadCursor, type ChainFacts, type ChainSource, type Lent, NameRefused, ProviderError } from '@scani/providers';
import { type FieldProblem, Invalid, NotFound, Unavailable } from '@scani/runtime';
import pLimit from 'p-limit';
import { setTimeout as wait } from 'node:timers/promises';
import { Outside } from '../outside/outside.js';
import { ChainCache } from './chain-cache.js';
import { openCursor, sealCursor } from './chain-cursor.js';
import { problemOf, refusalOf } from './chain-problems.js';
import type { Chain, ChainMovements, ResolvedName, WalletAnswer, WalletBalances, WalletProblem } from './chains.dto.js';

/** A wallet that was looked at: its chain is known and its address is one, in the one way in which we write it. */
interface Known extends WalletRef {
  readonly source: ChainSource;
  readonly facts: ChainFacts;
}

/** Milliseconds after which the rest of many wallets has to be asked for again: their caller waits half a minute at most. */
export const WALLETS_MS = Symbol('WALLETS_MS');

/** Wallets of one request that are read at once. */
const AT_ONCE = 4;

@Injectable()
export class ChainsService {
  constructor(
    private readonly outside: Outside,
    private readonly cache: ChainCache,
    @Inject(WALLETS_MS) private readonly walletsMs: number,
  ) {}

  chains(): Chain[] {
    return this.sources.flatMap((source) => source.chains.map((facts) => ({ ...facts, offered: source.offered })));
  }

  /** Ids of the chains that are read now. */
  get offered(): string[] {
    return this.chains()
      .filter((chain) => chain.offered)
      .map(({ id }) => id);
  }

  async balances(wallet: WalletRef, signal: AbortSignal): Promise<WalletBalances> {
    const known = this.known(wallet, '');
    return told(this.read(known, signal));
  }

  /** All wallets are looked at before any is asked for; then one that cannot be read does not hide the others. */
  async manyBalances(wallets: readonly WalletRef[], signal: AbortSignal): Promise<WalletAnswer[]> {
    const checked = wallets.map((wallet, at) => this.look(wallet, `/wallets/${at}`));
    const wrong = checked.flatMap((each) => ('problems' in each ? each.problems : []));
    if (wrong.length > 0) throw new Invalid('bad-wallet', 'Some of these wallets cannot be read.', wrong);
    const turns = pLimit(AT_ONCE);
    const late = AbortSignal.timeout(this.walletsMs);
    return Promise.all(
      checked.map((each) => ('problems' in each ? neverAsked() : turns(() => this.answer(each, signal, late)))),
    );
  }

  async movements(wallet: WalletRef, cursor: string | undefined, signal: AbortSignal): Promise<ChainMovements> {
    const known = this.known(wallet, '');
    const inner = cursor === undefined ? undefined : openCursor(keyOf(known), cursor);
    if (cursor !== undefined && inner === undefined) throw badCursor();
    this.checkOffered(known);
    const { source, facts, address } = known;
    const page = await told(
      this.cache.movementsOf(`${facts.id} ${address} ${inner ?? ''}`, () =>
        source.movements(facts.id, address, inner, this.lend(source.name, signal)),
      ),
    );
    return { ...page, cursor: sealCursor(keyOf(known), page.cursor) };
  }

  async resolveName(name: string, signal: AbortSignal): Promise<ResolvedName> {
    const source = this.outside.providers.names.find((each) => each.offered);
    if (!source) throw new Unavailable('chain-not-offered', 'This data-provider looks up no names of chains.');
    return told(this.cache.nameOf(name, () => source.resolveName(name, this.lend(source.name, signal))));
  }

  private get sources(): readonly ChainSource[] {
    return this.outside.providers.chains;
  }

  /** A limit that is over in a moment is waited for here, no two callers as long: nobody has to come back for that. */
  private lend(source: string, signal: AbortSignal): Lent {
    const pause = async (ms: number): Promise<void> => {
      await wait(ms + Math.random() * ms, undefined, { signal }).catch(() => {
        throw new ProviderError(source, 'cancelled', 'the caller went away');
      });
    };
    return { ...this.outside.lend(source, signal), pause };
  }

  private read(known: Known, signal: AbortSignal): Promise<WalletBalances> {
    this.checkOffered(known);
    const { source, facts, address } = known;
    return this.cache.balancesOf(nameOf(known), () =>
      source.balances(facts.id, address, this.lend(source.name, signal)),
    );
  }

  private async answer(known: Known, signal: AbortSignal, late: AbortSignal): Promise<WalletAnswer> {
    try {
      if (late.aborted) {
        const balances = await this.cache.knownBalances(nameOf(known));
        return balances ? { balances, problem: null } : { balances: null, problem: LATE };
      }
      return { balances: await this.read(known, AbortSignal.any([signal, late])), problem: null };
    } catch (error) {
      if (late.aborted && error instanceof ProviderError && error.code === 'cancelled')
        return { balances: null, problem: LATE };
      if (error instanceof ProviderError) return { balances: null, problem: problemOf(error) };
      if (!(error instanceof Unavailable)) throw error;
      return { balances: null, problem: { reason: 'not-offered', detail: error.detail, retryAfterSeconds: null } };
    }
  }

  private checkOffered({ source, facts }: Known): void {
    if (source.offered) return;
    throw new Unavailable(
      'chain-not-offered',
      `${facts.name} is not read by this data-provider: its operator has not set a key for ${source.name}.`,
    );
  }

  private known(wallet: WalletRef, pointer: string): Known {
    const looked = this.look(wallet, pointer);
    if ('problems' in looked) throw new Invalid('bad-wallet', 'This wallet cannot be read.', looked.problems);
    return looked;
  }

  private look(wallet: WalletRef, pointer: string): Known | { problems: FieldProblem[] } {
    for (const source of this.sources) {
      const facts = source.chains.find((each) => each.id === wallet.chain);
      if (!facts) continue;
      const checked = checkAddress(facts.family, wallet.address);
      if ('problem' in checked) return { problems: [{ pointer: `${pointer}/address`, detail: checked.problem }] };
      return { chain: facts.id, address: checked.address, source, facts };
    }
    return { problems: [{ pointer: `${pointer}/chain`, detail: 'is no chain that is known here' }] };
  }
}

const nameOf = ({ chain, address }: Known): string => `${chain} ${address}`;

const LATE: WalletProblem = {
  reason: 'limited',
  detail: 'there was no time left for this wallet within one request',
  retryAfterSeconds: 1,
};

const keyOf = ({ chain, address }: Known): WalletRef => ({ chain, address });

const neverAsked = (): never => {
  throw new Error('what is wrong was refused before');
};

const badCursor = (): Invalid =>
  new Invalid('bad-cursor', 'This cursor was not given for this wallet.', [
    { pointer: '/cursor', detail: 'was not given for this wallet' },
  ]);

/** What went wrong outside, as our callers are told of it. */
async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderError) throw refusalOf(error);
    if (error instanceof BadCursor) throw badCursor();
    if (error instanceof NameRefused) {
      throw error.code === 'name-unknown'
        ? new NotFound(error.code, error.message)
        : new Invalid(error.code, error.message, [{ pointer: '/name', detail: error.message }]);
    }
    throw error;
  }
}
