/** What happened to the demo wallet on EVM chains, as the lists of an explorer; whatever it holds is what these leave. */
import { DEMO_WALLETS, hexOf, numberOf, secondsOf, stranger } from './chain.ts';

export type Row = Record<string, string>;

export interface Story {
  readonly transactions: readonly Row[];
  readonly internal: readonly Row[];
  readonly tokens: readonly Row[];
  /** Base units of what fees are paid in. */
  readonly native: bigint;
}

interface Token {
  readonly contract: string;
  readonly symbol: string;
  readonly name: string;
  readonly decimals: number;
}

const token = (contract: string, symbol: string, name: string, decimals: number): Token => ({
  contract,
  symbol,
  name,
  decimals,
});

/** Where the dollars of this world are on each chain. */
const DOLLARS: Readonly<Record<number, string>> = {
  1: '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
  10: '0x0b2c639c533813f4aa9d7837caf62653d097ff85',
  137: '0x3c499c542cef5e3811e1192ce70d8cc03d5c3359',
  8453: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
  42161: '0xaf88d065e77c8cc2239327c5edb3a432268e5831',
};

/** Steps of the story, by chain. */
const STEPS: Readonly<Record<number, number>> = { 1: 96, 10: 30, 137: 30, 8453: 30, 42161: 60 };
/** Rollups whose explorer tells what the chain below them cost. */
const WITH_L1_FEE: ReadonlySet<number> = new Set([10, 8453]);
const DRIPS = 1_100;
const DAYS = 10;
const ETHER = 10n ** 18n;
const GAS = 21_000n;
const GAS_PRICE = 12_345_678_901n;

const stories = new Map<number, Story>();

export function storyOf(chain: number): Story {
  const known = stories.get(chain);
  if (known) return known;
  const writer = new Writer(chain);
  for (let step = 0; step < (STEPS[chain] ?? 0); step++) writer.step(step);
  if (chain === 1) writer.drip();
  const story = writer.story();
  stories.set(chain, story);
  return story;
}

const WALLET = DEMO_WALLETS.evm.toLowerCase();

class Writer {
  private readonly transactions: Row[] = [];
  private readonly internal: Row[] = [];
  private readonly tokens: Row[] = [];
  private native = 0n;
  private dollars = 0n;
  private readonly dollar: Token;
  private readonly thin: Token;
  private readonly spam: Token;
  private readonly chain: number;

  constructor(chain: number) {
    this.chain = chain;
    const made = (name: string): string => stranger.evm(`${chain} ${name}`);
    this.dollar = token(DOLLARS[chain] ?? made('dollar'), 'USDC', 'USD Coin', 6);
    this.thin = token(made('thin'), 'THIN', 'Thinly Sliced', 24);
    this.spam = token(made('spam'), 'Visit claim-usdc.example to claim', '$ claim-usdc.example', 0);
  }

  story(): Story {
    return { transactions: this.transactions, internal: this.internal, tokens: this.tokens, native: this.native };
  }

  step(step: number): void {
    const time = secondsOf(step, DAYS);
    const hash = `0x${hexOf(`${this.chain} tx ${step}`, 32)}`;
    const place = { time, hash };
    const friend = stranger.evm(`friend ${step % 5}`);
    const shop = stranger.evm(`shop ${step % 3}`);
    const amount = ETHER / 2n + numberOf(`${this.chain} amount ${step}`, ETHER);
    const part = this.native / 6n;
    switch (step % 14) {
      case 0:
        return this.sent(place, friend, WALLET, amount);
      case 1:
        return this.gave(place, friend, WALLET, this.dollar, 250_000_000n + amount / 10n ** 11n);
      case 2:
        return this.sent(place, WALLET, friend, part);
      case 3:
        // Tokens go out: the transaction itself carries nothing.
        this.sent(place, WALLET, this.dollar.contract, 0n);
        return this.gave(place, WALLET, friend, this.dollar, this.dollars / 3n);
      case 4:
        // A contract takes the money and gives some of it back.
        this.sent(place, WALLET, shop, part);
        return this.called(place, shop, WALLET, part / 4n);
      case 5:
        return this.sent(place, WALLET, shop, part, 'failed');
      case 6:
        return this.sent(place, WALLET, WALLET, part);
      case 7:
        return this.created(place, part);
      case 8:
        return this.gave(place, shop, WALLET, this.spam, 1_000_000n);
      case 9:
        return this.gave(place, friend, WALLET, this.thin, amount * 1_234_567n);
      case 10:
        // A swap: dollars out, coins in.
        this.sent(place, WALLET, shop, 0n);
        this.gave(place, WALLET, shop, this.dollar, this.dollars / 4n);
        return this.called(place, shop, WALLET, amount / 8n);
      case 11:
        // The same token twice in one transaction.
        this.gave(place, shop, WALLET, this.dollar, 5_000_000n);
        return this.gave(place, shop, WALLET, this.dollar, 5_000_000n);
      case 12:
        // Somebody writes us into their log, with nothing, to look like one of ours.
        return this.gave(place, WALLET, stranger.evm(`poison ${step}`), this.dollar, 0n);
      default:
        return this.gave(
          place,
          shop,
          WALLET,
          token(stranger.evm(`${this.chain} endless`), 'MAX', 'Endless', 0),
          2n ** 256n - 1n,
        );
    }
  }

  /** So many small transfers that one page is too short, three in each block. */
  drip(): void {
    const drops = token(stranger.evm('drip'), 'DRIP', 'Drip', 18);
    for (let drop = 0; drop < DRIPS; drop++) {
      const time = secondsOf(0, DAYS) + Math.floor(drop / 3) * 3_600;
      const hash = `0x${hexOf(`drip ${drop}`, 32)}`;
      this.gave({ time, hash }, stranger.evm('tap'), WALLET, drops, ETHER / 1_000n);
    }
    this.tokens.sort((a, b) => Number(a['blockNumber']) - Number(b['blockNumber']));
  }

  private sent(place: Place, from: string, to: string, value: bigint, how?: 'failed'): void {
    const failed = how === 'failed';
    this.transactions.push(this.transaction(place, from, to, '', value, failed));
    if (!failed && to === WALLET) this.native += value;
    if (from !== WALLET) return;
    this.native -= this.feeOf() + (failed ? 0n : value);
  }

  private created(place: Place, value: bigint): void {
    const contract = stranger.evm(`made by ${place.hash}`);
    this.transactions.push(this.transaction(place, WALLET, '', contract, value, false));
    this.native -= this.feeOf() + value;
  }

  private called(place: Place, from: string, to: string, value: bigint): void {
    this.internal.push({
      ...this.placed(place),
      from,
      to,
      value: String(value),
      contractAddress: '',
      input: '',
      type: 'call',
      gas: '2300',
      gasUsed: '0',
      traceId: '0_1',
      isError: '0',
      errCode: '',
    });
    this.native += value;
  }

  private gave(place: Place, from: string, to: string, what: Token, value: bigint): void {
    this.tokens.push({
      ...this.placed(place),
      nonce: '0',
      blockHash: `0x${hexOf(`block ${this.blockOf(place)}`, 32)}`,
      from,
      contractAddress: what.contract,
      to,
      value: String(value),
      tokenName: what.name,
      tokenSymbol: what.symbol,
      tokenDecimal: String(what.decimals),
      transactionIndex: '7',
      gas: '90000',
      gasPrice: String(GAS_PRICE),
      gasUsed: '60000',
      cumulativeGasUsed: '7000000',
      input: 'deprecated',
      confirmations: '1000',
    });
    if (what === this.dollar) this.dollars += (to === WALLET ? value : 0n) - (from === WALLET ? value : 0n);
  }

  private transaction(place: Place, from: string, to: string, contract: string, value: bigint, failed: boolean): Row {
    return {
      ...this.placed(place),
      nonce: '0',
      blockHash: `0x${hexOf(`block ${this.blockOf(place)}`, 32)}`,
      transactionIndex: '7',
      from,
      to,
      value: String(value),
      gas: '90000',
      gasPrice: String(GAS_PRICE),
      isError: failed ? '1' : '0',
      txreceipt_status: failed ? '0' : '1',
      input: '0x',
      contractAddress: contract,
      cumulativeGasUsed: '7000000',
      gasUsed: String(GAS),
      confirmations: '1000',
      methodId: '0x',
      functionName: '',
      ...(WITH_L1_FEE.has(this.chain) ? { L1FeesPaid: String(this.l1Fee()) } : {}),
    };
  }

  private feeOf(): bigint {
    return GAS * GAS_PRICE + (WITH_L1_FEE.has(this.chain) ? this.l1Fee() : 0n);
  }

  private l1Fee(): bigint {
    return 4_321_000_000_007n;
  }

  private placed(place: Place): Row {
    return { blockNumber: String(this.blockOf(place)), timeStamp: String(place.time), hash: place.hash };
  }

  private blockOf({ time }: Place): number {
    return 18_900_000 + Math.floor((time - secondsOf(0, DAYS)) / 12);
  }
}

interface Place {
  readonly time: number;
  readonly hash: string;
}
