/**
 * Etherscan V2, as documented at docs.etherscan.io (supported chains, common error messages, account module): balance, txlist,
 * txlistinternal, tokentx. Trouble is told with status 200 and `status: "0"`. 1,000 records at once with a free key, 5,000 with
 * a paid one; `page` times `offset` at most 10,000.
 */
import { DEMO_WALLETS } from './chain.ts';
import { type Row, storyOf } from './evm-story.ts';
import { json, type Answer, type Asked } from './http.ts';

/** docs.etherscan.io/supported-chains: without a paid plan they are refused. */
const PAID_CHAINS: ReadonlySet<number> = new Set([10, 56, 8453, 43114]);
const CHAINS: ReadonlySet<number> = new Set([
  1, 10, 50, 56, 100, 130, 137, 143, 146, 199, 204, 252, 324, 480, 988, 999, 1284, 1285, 1329, 1923, 2741, 5000, 8453,
  33139, 42161, 42170, 42220, 43114, 59144, 80094, 81457, 167000, 534352, 747474,
]);
const [FREE, PAID] = ['free-', 'paid-'];
const MOST_RECORDS = 10_000;

const ok = (result: unknown): Answer => json(200, { status: '1', message: 'OK', result });
const no = (result: string): Answer => json(200, { status: '0', message: 'NOTOK', result });

export function etherscan({ path, query, now }: Asked): Answer {
  if (path !== '/v2/api') return json(404, { message: 'Not Found' });
  const key = query.get('apikey') ?? '';
  if (key === '') return no('Missing/Invalid API Key');
  if (!key.startsWith(FREE) && !key.startsWith(PAID)) return no('Invalid API Key (#err2)');
  const chain = Number(query.get('chainid') ?? Number.NaN);
  if (!CHAINS.has(chain))
    return no(
      'Missing or unsupported chainid parameter (required for v2 api), please see https://api.etherscan.io/v2/chainlist for the list of supported chainids',
    );
  if (PAID_CHAINS.has(chain) && key.startsWith(FREE))
    return no(
      'Free API access is not supported for this chain. Please upgrade your api plan for full chain coverage. https://etherscan.io/apis',
    );
  const address = (query.get('address') ?? '').toLowerCase();
  if (!/^0x[0-9a-f]{40}$/.test(address)) return no('Error! Invalid address format');
  if (query.get('module') !== 'account') return no('Error! Missing Or invalid Module name');
  const mine = address === DEMO_WALLETS.evm.toLowerCase();
  const { transactions, internal, tokens, native } = storyOf(chain);
  switch (query.get('action')) {
    case 'balance':
      return ok(String(mine ? native : 0n));
    case 'txlist':
      return page(mine ? transactions : [], query, key, now);
    case 'txlistinternal':
      return page(mine ? internal : [], query, key, now);
    case 'tokentx':
      return page(mine ? tokens : [], query, key, now);
    case 'addresstokenbalance':
      return no('Sorry, it looks like you are trying to access an API Pro endpoint. Contact us to upgrade to API Pro.');
    default:
      return no('Error! Missing Or invalid Action name');
  }
}

function page(rows: readonly Row[], query: URLSearchParams, key: string, now: number): Answer {
  const first = Number(query.get('startblock') ?? 0);
  const last = query.get('endblock') === 'latest' ? Number.POSITIVE_INFINITY : Number(query.get('endblock') ?? 1e12);
  const number = Number(query.get('page') ?? 1);
  const offset = Math.min(Number(query.get('offset') ?? MOST_RECORDS), key.startsWith(PAID) ? 5_000 : 1_000);
  if (number * offset > MOST_RECORDS)
    return no('Result window is too large, PageNo x Offset size must be less than or equal to 10000');
  const found = rows.filter(
    ({ blockNumber, timeStamp }) =>
      Number(blockNumber) >= first && Number(blockNumber) <= last && Number(timeStamp) * 1_000 <= now,
  );
  if (query.get('sort') !== 'asc') found.reverse();
  const records = found.slice((number - 1) * offset, number * offset);
  return records.length > 0 ? ok(records) : json(200, { status: '0', message: 'No transactions found', result: [] });
}
