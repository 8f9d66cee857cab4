/**
 * Tron by TronGrid, as documented at developers.tron.network (TronGrid v1): accounts, transactions, trc20 transfers and internal
 * transactions with limit, order_by, min_timestamp, fingerprint. 401 for a key that is not known; without one it answers too.
 */
import { createBase58check } from '@scure/base';
import { createHash } from 'node:crypto';
import { DEMO_WALLETS, hexOf, numberOf, secondsOf, stranger } from './chain.ts';
import { json, type Answer, type Asked } from './http.ts';

const KEY = 'tron-key-of-the-outside-world';
const STEPS = 290;
const DAYS = 3.5;
const TRX = 1_000_000n;
const FEE = 345_000n;
const WALLET = DEMO_WALLETS.tron;

interface Token {
  symbol: string;
  address: string;
  decimals: number;
  name: string;
}

const DOLLAR: Token = {
  symbol: 'USDT',
  address: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
  decimals: 6,
  name: 'Tether USD',
};
const SPAM: Token = {
  symbol: 'trx-bonus.example',
  address: stranger.tron('spam'),
  decimals: 0,
  name: 'Get 5000 TRX at trx-bonus.example',
};
const THIN: Token = { symbol: 'THIN', address: stranger.tron('thin'), decimals: 24, name: 'Thinly Sliced' };

type Row = Record<string, unknown> & { block_timestamp: number };

interface Story {
  transactions: Row[];
  trc20: Row[];
  internal: Row[];
  /** What moved when, so that an account can be told for any time. */
  sun: { ms: number; units: bigint; frozen: bigint }[];
  tokens: { ms: number; token: Token; units: bigint }[];
}

export function tron({ path, query, headers, now }: Asked): Answer {
  const key = headers['tron-pro-api-key'];
  if (key !== undefined && key !== KEY) return json(401, { Error: 'ApiKey not exists' });
  const [, address = '', list] = /^\/v1\/accounts\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
  if (!/^T[1-9A-HJ-NP-Za-km-z]{33}$/.test(address))
    return json(400, { success: false, error: 'A valid account address is required.', statusCode: 400 });
  const mine = address === WALLET;
  switch (list) {
    case undefined:
      return json(200, {
        data: mine ? [accountAt(storyOf(), now)] : [],
        success: true,
        meta: { at: now, page_size: 1 },
      });
    case 'transactions':
      return page(mine ? storyOf().transactions : [], query, now);
    case 'transactions/trc20':
      return page(mine ? storyOf().trc20 : [], query, now);
    case 'internal-transactions':
      return page(mine ? storyOf().internal : [], query, now);
    default:
      return json(404, { success: false, error: 'not found', statusCode: 404 });
  }
}

function page(rows: readonly Row[], query: URLSearchParams, now: number): Answer {
  const contract = query.get('contract_address');
  const found = rows.filter(
    ({ block_timestamp: ms, token_info: info }) =>
      ms >= Number(query.get('min_timestamp') ?? 0) &&
      ms <= now &&
      (contract === null || (info as Token | undefined)?.address === contract),
  );
  if (query.get('order_by') !== 'block_timestamp,asc') found.reverse();
  const limit = Math.min(Number(query.get('limit') ?? 20), 200);
  const start = Number(Buffer.from(query.get('fingerprint') ?? '', 'base64url').toString() || 0);
  const data = found.slice(start, start + limit);
  const more = found.length > start + limit;
  const fingerprint = more ? { fingerprint: Buffer.from(String(start + limit)).toString('base64url') } : {};
  return json(200, { data, success: true, meta: { at: now, page_size: data.length, ...fingerprint } });
}

function accountAt(story: Story, now: number): object {
  const sun = story.sun.filter(({ ms }) => ms <= now);
  const sum = (of: (each: (typeof sun)[number]) => bigint): number =>
    Number(sun.reduce((all, one) => all + of(one), 0n));
  const held = new Map<string, bigint>();
  for (const { ms, token, units } of story.tokens)
    if (ms <= now) held.set(token.address, (held.get(token.address) ?? 0n) + units);
  return {
    address: hexAddress(WALLET),
    balance: sum(({ units, frozen }) => units - frozen),
    create_time: secondsOf(0, DAYS) * 1_000,
    frozenV2: [{ amount: sum(({ frozen }) => frozen) }, { type: 'ENERGY' }, { type: 'TRON_POWER' }],
    unfrozenV2: [],
    account_resource: { energy_window_size: 28_800_000 },
    assetV2: [],
    trc20: [...held].map(([contract, units]) => ({ [contract]: String(units) })),
  };
}

let story: Story | undefined;

function storyOf(): Story {
  if (story) return story;
  const writer = new Writer();
  for (let step = 0; step < STEPS; step++) writer.step(step);
  story = writer.told;
  return story;
}

class Writer {
  readonly told: Story = { transactions: [], trc20: [], internal: [], sun: [], tokens: [] };
  private sun = 0n;
  private dollars = 0n;

  step(step: number): void {
    const place = { txID: hexOf(`tron tx ${step}`, 32), block_timestamp: secondsOf(step, DAYS) * 1_000 };
    const friend = stranger.tron(`friend ${step % 4}`);
    const shop = stranger.tron(`shop ${step % 3}`);
    const amount = 100n * TRX + numberOf(`tron amount ${step}`, 400n * TRX);
    const part = this.sun / 9n;
    switch (step % 12) {
      case 1:
        return this.gave(place, friend, WALLET, DOLLAR, 50n * TRX + amount / 3n);
      case 2:
        return this.sent(place, WALLET, friend, part);
      case 3:
        this.called(place, DOLLAR.address, 0n, 'SUCCESS');
        return this.gave(place, WALLET, friend, DOLLAR, this.dollars / 3n);
      case 4:
        return this.called(place, shop, part, 'OUT_OF_ENERGY');
      case 5:
        return this.sent(place, WALLET, WALLET, part);
      case 6:
        return this.froze(place, part);
      case 7:
        this.called(place, shop, part, 'SUCCESS');
        return this.gotBack(place, shop, part / 3n);
      case 8:
        return this.gave(place, shop, WALLET, SPAM, 5_000n);
      case 9:
        return this.transaction(place, 'VoteWitnessContract', { votes: [{ vote_count: 10 }] }, 0n);
      case 10:
        return this.rewarded(place, 3n * TRX + 141_592n);
      case 11:
        return this.gave(place, friend, WALLET, THIN, amount * 10n ** 18n + 7n);
      default:
        return this.sent(place, friend, WALLET, amount);
    }
  }

  private sent(place: Place, from: string, to: string, units: bigint): void {
    const fee = from === WALLET ? FEE : 0n;
    const value = { amount: Number(units), owner_address: hexAddress(from), to_address: hexAddress(to) };
    this.transaction(place, 'TransferContract', value, fee);
    this.moved(place, (to === WALLET ? units : 0n) - (from === WALLET ? units + fee : 0n));
  }

  private called(place: Place, contract: string, units: bigint, result: string): void {
    const value = { call_value: Number(units), contract_address: hexAddress(contract), data: 'a9059cbb' };
    this.transaction(place, 'TriggerSmartContract', value, FEE * 30n, result);
    this.moved(place, -(FEE * 30n) - (result === 'SUCCESS' ? units : 0n));
  }

  private gotBack(place: Place, from: string, units: bigint): void {
    this.told.internal.push({
      internal_tx_id: hexOf(`internal ${place.txID}`, 32),
      tx_id: place.txID,
      block_timestamp: place.block_timestamp,
      from_address: hexAddress(from),
      to_address: hexAddress(WALLET),
      data: { note: '63616c6c', rejected: false, call_value: { _: Number(units) } },
    });
    this.moved(place, units);
  }

  private froze(place: Place, units: bigint): void {
    this.transaction(place, 'FreezeBalanceV2Contract', { frozen_balance: Number(units), resource: 'ENERGY' }, 0n);
    this.told.sun.push({ ms: place.block_timestamp, units: 0n, frozen: units });
    // What is frozen is not spent by this story any more.
    this.sun -= units;
  }

  private rewarded(place: Place, units: bigint): void {
    this.transaction(place, 'WithdrawBalanceContract', {}, 0n, 'SUCCESS', { withdraw_amount: Number(units) });
    this.moved(place, units);
  }

  private gave(place: Place, from: string, to: string, token: Token, units: bigint): void {
    this.told.trc20.push({
      transaction_id: place.txID,
      token_info: token,
      block_timestamp: place.block_timestamp,
      from,
      to,
      type: 'Transfer',
      value: String(units),
    });
    const change = (to === WALLET ? units : 0n) - (from === WALLET ? units : 0n);
    this.told.tokens.push({ ms: place.block_timestamp, token, units: change });
    if (token === DOLLAR) this.dollars += change;
  }

  private moved(place: Place, units: bigint): void {
    this.sun += units;
    this.told.sun.push({ ms: place.block_timestamp, units, frozen: 0n });
  }

  private transaction(
    place: Place,
    type: string,
    value: object,
    fee: bigint,
    contractRet = 'SUCCESS',
    more: object = {},
  ): void {
    this.told.transactions.push({
      ret: [{ contractRet, fee: Number(fee) }],
      signature: [hexOf(`signature ${place.txID}`, 65)],
      ...place,
      net_usage: 0,
      net_fee: Number(fee),
      energy_usage: 0,
      energy_fee: 0,
      energy_usage_total: 0,
      blockNumber: Math.floor(place.block_timestamp / 3_000) - 500_000_000,
      raw_data: {
        contract: [
          {
            parameter: {
              value: { owner_address: hexAddress(WALLET), ...value },
              type_url: `type.googleapis.com/protocol.${type}`,
            },
            type,
          },
        ],
        timestamp: place.block_timestamp - 3_000,
      },
      internal_transactions: [],
      ...more,
    });
  }
}

interface Place {
  txID: string;
  block_timestamp: number;
}

const coder = createBase58check((bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest()));
const hexAddress = (address: string): string => Buffer.from(coder.decode(address)).toString('hex');
