/**
 * TON by TON Center, as documented at toncenter.com/api/v3: /accountStates, /transactions, /jetton/wallets, /jetton/transfers with
 * start_lt, sort, limit, offset. Addresses are raw, hashes base64. 401 for a key that is not known.
 */
import { DEMO_WALLETS, hexOf, numberOf, secondsOf } from './chain.ts';
import { json, type Answer, type Asked } from './http.ts';

const KEY = 'ton-key-of-the-outside-world';
const STEPS = 300;
const DAYS = 3;
const NANO = 10n ** 9n;
const FEE = 2_837_641n;

interface Jetton {
  master: string;
  symbol: string;
  name: string;
  /** Null where the index does not know it. */
  decimals: string | null;
}

const rawOf = (name: string): string => `0:${hexOf(`ton ${name}`, 32).toUpperCase()}`;
const WALLET = `0:${Buffer.from(DEMO_WALLETS.ton, 'base64url').subarray(2, 34).toString('hex').toUpperCase()}`;

const DOLLAR: Jetton = {
  master: '0:B113A994B5024A16719F69139328EB759596C38A25F59028B146FECDC3621DFE',
  symbol: 'USD₮',
  name: 'Tether USD',
  decimals: '6',
};
const SPAM: Jetton = { master: rawOf('spam'), symbol: 't.me/ton-gift', name: 'ton-gift.example', decimals: '0' };
const NAMELESS: Jetton = { master: rawOf('nameless'), symbol: '', name: '', decimals: null };
const JETTONS = [DOLLAR, SPAM, NAMELESS];

interface Message {
  source: string | null;
  destination: string;
  value: string | null;
  fwd_fee: string | null;
}

interface Transaction {
  account: string;
  hash: string;
  lt: string;
  now: number;
  total_fees: string;
  in_msg: Message;
  out_msgs: Message[];
  account_state_before: { balance: string; account_status: string };
  account_state_after: { balance: string; account_status: string };
}

interface Transfer {
  source: string;
  destination: string;
  amount: string;
  jetton_master: string;
  transaction_hash: string;
  transaction_lt: string;
  transaction_now: number;
  transaction_aborted: boolean;
}

export function ton({ path, query, headers, now }: Asked): Answer {
  const key = headers['x-api-key'];
  if (key !== undefined && key !== KEY) return json(401, { error: 'API key does not exist' });
  const seconds = Math.floor(now / 1_000);
  const owner = query.get('address') ?? query.get('account') ?? query.get('owner_address') ?? '';
  if (!/^[A-Za-z0-9_:-]{48,67}$/.test(owner)) return json(422, { error: `failed to decode: ${owner}` });
  const mine = owner === DEMO_WALLETS.ton;
  const { transactions, transfers } = storyOf();
  const done = mine ? transactions.filter((each) => each.now <= seconds) : [];
  const moved = mine ? transfers.filter((each) => each.transaction_now <= seconds) : [];
  switch (path) {
    case '/api/v3/accountStates': {
      const last = done.at(-1);
      const accounts = last ? [{ address: WALLET, balance: last.account_state_after.balance, status: 'active' }] : [];
      return json(200, { accounts, address_book: {}, metadata: {} });
    }
    case '/api/v3/transactions':
      return json(200, { transactions: page(done, ({ lt }) => lt, query), address_book: {} });
    case '/api/v3/jetton/transfers':
      return json(200, {
        jetton_transfers: page(moved, ({ transaction_lt: lt }) => lt, query),
        address_book: {},
        metadata: METADATA,
      });
    case '/api/v3/jetton/wallets':
      return json(200, { jetton_wallets: walletsOf(moved, query), address_book: {}, metadata: METADATA });
    default:
      return json(404, { error: 'Cannot GET' });
  }
}

const METADATA = Object.fromEntries(
  JETTONS.map(({ master, symbol, name, decimals }) => [
    master,
    decimals === null
      ? { is_indexed: false }
      : { is_indexed: true, token_info: [{ type: 'jetton_masters', symbol, name, extra: { decimals } }] },
  ]),
);

function page<T>(list: readonly T[], ltOf: (each: T) => string, query: URLSearchParams): T[] {
  const found = list.filter((each) => BigInt(ltOf(each)) >= BigInt(query.get('start_lt') ?? 0));
  if (query.get('sort') !== 'asc') found.reverse();
  const offset = Number(query.get('offset') ?? 0);
  return found.slice(offset, offset + Math.min(Number(query.get('limit') ?? 10), 1_000));
}

function walletsOf(moved: readonly Transfer[], query: URLSearchParams): object[] {
  const wallets = JETTONS.flatMap(({ master }) => {
    const own = moved.filter((each) => each.jetton_master === master && !each.transaction_aborted);
    const balance = own.reduce(
      (sum, each) =>
        sum +
        (each.destination === WALLET ? BigInt(each.amount) : 0n) -
        (each.source === WALLET ? BigInt(each.amount) : 0n),
      0n,
    );
    return balance === 0n
      ? []
      : [{ address: rawOf(`wallet ${master}`), balance: String(balance), owner: WALLET, jetton: master }];
  });
  const offset = Number(query.get('offset') ?? 0);
  return wallets.slice(offset, offset + Number(query.get('limit') ?? 10));
}

let story: { transactions: readonly Transaction[]; transfers: readonly Transfer[] } | undefined;

function storyOf(): { transactions: readonly Transaction[]; transfers: readonly Transfer[] } {
  if (story) return story;
  const writer = new Writer();
  for (let step = 0; step < STEPS; step++) writer.step(step);
  story = { transactions: writer.transactions, transfers: writer.transfers };
  return story;
}

class Writer {
  readonly transactions: Transaction[] = [];
  readonly transfers: Transfer[] = [];
  private balance = 0n;
  private dollars = 0n;
  private lt = 40_000_000_000_000n;
  private now = 0;

  step(step: number): void {
    this.now = secondsOf(step, DAYS);
    this.lt += 1_000_000n;
    const friend = rawOf(`friend ${step % 4}`);
    const amount = NANO / 2n + numberOf(`ton amount ${step}`, 3n * NANO);
    const part = this.balance / 8n;
    switch (step % 9) {
      case 1:
        this.gave(friend, WALLET, DOLLAR, 20_000_000n + amount / 100n);
        // The jetton's wallet says that something came.
        return this.happened(rawOf('dollar wallet'), 1n, []);
      case 2:
        return this.happened(null, 0n, [[friend, part]]);
      case 3:
        this.gave(WALLET, friend, DOLLAR, this.dollars / 3n);
        this.happened(null, 0n, [[rawOf('dollar wallet'), NANO / 20n]]);
        return this.happened(friend, NANO / 33n, []);
      case 4:
        this.happened(null, 0n, [[WALLET, part]]);
        return this.happened(WALLET, part, []);
      case 5:
        return this.gave(friend, WALLET, SPAM, 1_000n);
      case 6:
        // The other side does not take it: it comes back.
        this.happened(null, 0n, [[friend, part]]);
        return this.happened(friend, part - FEE, []);
      case 7:
        return this.gave(WALLET, friend, DOLLAR, this.dollars / 2n, true);
      case 8:
        if (step % 2 === 0) return this.gave(friend, WALLET, NAMELESS, 7n);
        return this.happened(null, 0n, [
          [friend, part / 2n],
          [rawOf('other friend'), part / 3n],
        ]);
      default:
        return this.happened(friend, amount, []);
    }
  }

  private happened(source: string | null, value: bigint, sent: readonly (readonly [string, bigint])[]): void {
    const before = this.balance;
    const fee = source === null ? FEE : value < 100n ? 0n : FEE / 7n;
    this.balance += value - fee - sent.reduce((sum, [, units]) => sum + units, 0n);
    const status = { account_status: 'active' };
    this.transactions.push({
      account: WALLET,
      ...this.place(),
      total_fees: String((fee * 2n) / 3n),
      in_msg: { source, destination: WALLET, value: source === null ? null : String(value), fwd_fee: null },
      out_msgs: sent.map(([destination, units]) => ({
        source: WALLET,
        destination,
        value: String(units),
        fwd_fee: String(fee / 6n),
      })),
      account_state_before: { balance: String(before), ...status },
      account_state_after: { balance: String(this.balance), ...status },
    });
  }

  private place(): { hash: string; lt: string; now: number } {
    this.lt += 2n;
    return { hash: this.hash(), lt: String(this.lt), now: this.now };
  }

  private hash(): string {
    return Buffer.from(hexOf(`ton tx ${this.lt}`, 32), 'hex').toString('base64');
  }

  private gave(source: string, destination: string, { master }: Jetton, units: bigint, aborted = false): void {
    this.lt += 2n;
    this.transfers.push({
      source,
      destination,
      amount: String(units),
      jetton_master: master,
      transaction_hash: this.hash(),
      transaction_lt: String(this.lt),
      transaction_now: this.now,
      transaction_aborted: aborted,
    });
    if (master === DOLLAR.master && !aborted) this.dollars += destination === WALLET ? units : -units;
  }
}
