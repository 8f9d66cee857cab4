/**
 * Solana by Helius, as documented at helius.dev/docs: enhanced transactions (GET /v0/addresses/{address}/transactions with api-key,
 * limit, sort-order, after-signature, before-signature, token-accounts), and JSON-RPC with getBalance, getAssetsByOwner and
 * getAssetBatch (DAS). 401 without a key that is known.
 */
import { base58 } from '@scure/base';
import { DEMO_WALLETS, hexOf, numberOf, secondsOf, signatureOf, stranger } from './chain.ts';
import { json, type Answer, type Asked } from './http.ts';

const KEY = 'helius-key-of-the-outside-world';
const STEPS = 230;
const DAYS = 4;
const SOL = 10n ** 9n;
const FEE = 5_000n;
const RENT = 2_039_280n;
const WALLET = DEMO_WALLETS.solana;

interface Token {
  mint: string;
  symbol: string;
  name: string;
  decimals: number;
}

const DOLLAR: Token = {
  mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
  symbol: 'USDC',
  name: 'USD Coin',
  decimals: 6,
};
const SPAM: Token = {
  mint: base58.encode(Buffer.from(hexOf('spam mint', 32), 'hex')),
  symbol: 'claim at sol-gift.example',
  name: '1000 USDC at sol-gift.example',
  decimals: 0,
};
const TOKENS = [DOLLAR, SPAM];

interface Change {
  token: Token;
  units: bigint;
  other: string;
}

interface Step {
  signature: string;
  time: number;
  type: string;
  feePayer: string;
  failed: boolean;
  /** Of the wallet itself, without the fee. */
  lamports: bigint;
  other: string;
  changes: Change[];
}

export function helius({ path, query, method, body, now }: Asked): Answer {
  if (query.get('api-key') !== KEY)
    return json(401, { jsonrpc: '2.0', error: { code: -32_401, message: 'invalid api key provided' } });
  const history = storyOf().filter(({ time }) => time * 1_000 <= now);
  if (method === 'POST' && path === '/rpc/') return node(JSON.parse(body) as Call, history);
  const [, address] = /^\/v0\/addresses\/([^/]+)\/transactions$/.exec(path) ?? [];
  if (address === undefined) return json(404, { error: 'Method not found' });
  if (!/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(address)) return json(400, { error: 'invalid address' });
  const direct = query.get('token-accounts') !== 'balanceChanged';
  const mine = address === WALLET ? history.filter((step) => !direct || !onlyTokens(step)) : [];
  const ordered = query.get('sort-order') === 'asc' ? mine : mine.toReversed();
  const after = query.get(query.get('sort-order') === 'asc' ? 'after-signature' : 'before-signature');
  const start = after === null ? 0 : ordered.findIndex(({ signature }) => signature === after) + 1;
  const limit = Math.min(Number(query.get('limit') ?? 100), 100);
  return json(200, ordered.slice(start, start + limit).map(enhanced));
}

const onlyTokens = (step: Step): boolean => step.feePayer !== WALLET && step.lamports === 0n;

interface Call {
  id: unknown;
  method: string;
  params: unknown;
}

function node({ id, method, params }: Call, history: readonly Step[]): Answer {
  const result = (value: unknown): Answer => json(200, { jsonrpc: '2.0', id, result: value });
  switch (method) {
    case 'getBalance': {
      const [address] = params as [string];
      const own = address === WALLET ? history.reduce((sum, step) => sum + step.lamports - feeOf(step), 0n) : 0n;
      return result({ context: { slot: 1 }, value: Number(own) });
    }
    case 'getAssetsByOwner': {
      const { ownerAddress, page, limit } = params as { ownerAddress: string; page: number; limit: number };
      const items =
        ownerAddress === WALLET && page === 1 ? [...TOKENS.flatMap((one) => heldOf(one, history)), NFT] : [];
      return result({ total: items.length, limit, page, items });
    }
    case 'getAssetBatch': {
      const { ids } = params as { ids: string[] };
      return result(
        ids.map((mint) => {
          const token = TOKENS.find((each) => each.mint === mint);
          return token ? describe(token, undefined) : null;
        }),
      );
    }
    default:
      return json(200, { jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } });
  }
}

const NFT = {
  interface: 'V1_NFT',
  id: stranger.solana('nft'),
  content: { metadata: { name: 'A Picture', symbol: 'PIC' } },
  token_info: { supply: 1, decimals: 0, balance: 1 },
};

function heldOf(token: Token, history: readonly Step[]): object[] {
  const changes = history.flatMap((step) => step.changes).filter((change) => change.token === token);
  const units = changes.reduce((sum, change) => sum + change.units, 0n);
  return units > 0n ? [describe(token, units)] : [];
}

const describe = (token: Token, units: bigint | undefined): object => ({
  interface: 'FungibleToken',
  id: token.mint,
  content: { metadata: { name: token.name, symbol: token.symbol, token_standard: 'Fungible' } },
  token_info: {
    symbol: token.symbol,
    supply: 1_000_000_000,
    decimals: token.decimals,
    token_program: 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
    ...(units === undefined ? {} : { balance: Number(units), associated_token_address: accountOf(token) }),
  },
});

const accountOf = ({ mint }: Token): string => stranger.solana(`account for ${mint}`);
const feeOf = (step: Step): bigint => (step.feePayer === WALLET ? FEE : 0n);

function enhanced(step: Step): object {
  return {
    description: '',
    type: step.type,
    source: 'SYSTEM_PROGRAM',
    fee: Number(FEE),
    feePayer: step.feePayer,
    signature: step.signature,
    slot: Math.floor(step.time / 0.4) - 4_000_000_000,
    timestamp: step.time,
    nativeTransfers:
      step.lamports === 0n ? [] : [sides(step.lamports, step.other, { amount: Number(abs(step.lamports)) })],
    tokenTransfers: step.changes.map(({ token, units, other }) =>
      sides(units, other, {
        fromTokenAccount: accountOf(token),
        toTokenAccount: accountOf(token),
        tokenAmount: Number(abs(units)) / 10 ** token.decimals,
        mint: token.mint,
        tokenStandard: 'Fungible',
      }),
    ),
    accountData: [
      ...(onlyTokens(step)
        ? []
        : [{ account: WALLET, nativeBalanceChange: Number(step.lamports - feeOf(step)), tokenBalanceChanges: [] }]),
      ...step.changes.map(({ token, units }) => ({
        account: accountOf(token),
        nativeBalanceChange: 0,
        tokenBalanceChanges: [
          {
            userAccount: WALLET,
            tokenAccount: accountOf(token),
            mint: token.mint,
            rawTokenAmount: { tokenAmount: String(units), decimals: token.decimals },
          },
        ],
      })),
    ],
    transactionError: step.failed ? { InstructionError: [2, { Custom: 6_001 }] } : null,
    instructions: [],
    events: {},
  };
}

const abs = (units: bigint): bigint => (units < 0n ? -units : units);
const sides = (units: bigint, other: string, more: object): object =>
  units < 0n
    ? { fromUserAccount: WALLET, toUserAccount: other, ...more }
    : { fromUserAccount: other, toUserAccount: WALLET, ...more };

let story: readonly Step[] | undefined;

/** Oldest first. */
function storyOf(): readonly Step[] {
  if (story) return story;
  const steps: Step[] = [];
  let [lamports, dollars] = [0n, 0n];
  for (let at = 0; at < STEPS; at++) {
    const step = stepOf(at, lamports, dollars);
    lamports += step.lamports - feeOf(step);
    dollars += step.changes.reduce((sum, { token, units }) => (token === DOLLAR ? sum + units : sum), 0n);
    steps.push(step);
  }
  story = steps;
  return steps;
}

/** Nine kinds of transactions in turn. */
function stepOf(at: number, lamports: bigint, dollars: bigint): Step {
  const friend = stranger.solana(`friend ${at % 4}`);
  const step: Step = {
    signature: signatureOf(`solana tx ${at}`),
    time: secondsOf(at, DAYS),
    type: 'TRANSFER',
    feePayer: WALLET,
    failed: false,
    lamports: 0n,
    other: friend,
    changes: [],
  };
  const amount = SOL / 4n + numberOf(`solana amount ${at}`, SOL);
  const dollar = (units: bigint): Change[] => [{ token: DOLLAR, units, other: friend }];
  switch (at % 9) {
    case 0:
      return { ...step, feePayer: friend, lamports: amount };
    case 1:
      // Somebody else pays, and the wallet itself is not in it.
      return { ...step, feePayer: friend, changes: dollar(100_000_000n + amount / 100n) };
    case 2:
      return { ...step, lamports: -(lamports / 5n) };
    case 3:
      // The other side had no account for it: its rent goes out too.
      return { ...step, lamports: -RENT, changes: dollar(-(dollars / 3n)) };
    case 4:
      return { ...step, failed: true };
    case 5:
      return { ...step, other: WALLET };
    case 6:
      return { ...step, type: 'SWAP', lamports: amount / 3n, changes: dollar(-(dollars / 4n)) };
    case 7:
      return { ...step, feePayer: friend, changes: [{ token: SPAM, units: 1_000n, other: friend }] };
    default:
      // Somebody else pays the fee for what goes out.
      return { ...step, feePayer: friend, changes: dollar(-(dollars / 6n)) };
  }
}
