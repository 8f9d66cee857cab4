import { KEY_PREFIX, type RedisClient } from '@scani/jobs';
import { Unavailable } from '@scani/runtime';

/** What a key may use; costs in millionths of a US dollar. */
export interface Limits {
  readonly hourlyQuota: number;
  readonly monthlyQuota: number;
  readonly costCeiling: number | null;
}

export interface Amount {
  readonly units: number;
  readonly cost: number;
}

export interface Used {
  readonly hour: number;
  readonly month: number;
  readonly cost: number;
}

export type Limit = 'hour' | 'month' | 'cost';
/** `over` names the limit that lasts longest; `used` is what was used before or, where it was let in, with it. */
export interface Verdict {
  readonly over: Limit | null;
  readonly used: Used;
}

const HOUR_MS = 3_600_000;
const HOUR_KEPT = 2 * 3_600;
const MONTH_KEPT = 40 * 86_400;
const RETRY_SECONDS = 5;

/**
 * One step that nobody can come between. 'unseeded': what the month has used is not here (its first request, or Redis was
 * lost); nothing was counted.
 */
const ADMIT = `
local month, spent = redis.call('get', KEYS[2]), redis.call('get', KEYS[3])
if not month or not spent then return {'unseeded', 0, 0, 0} end
month, spent = tonumber(month), tonumber(spent)
local hour = tonumber(redis.call('get', KEYS[1]) or '0')
local units, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
if units == 0 then return {'in', hour, month, spent} end
if tonumber(ARGV[5]) >= 0 and spent + cost > tonumber(ARGV[5]) then return {'cost', hour, month, spent} end
if month + units > tonumber(ARGV[4]) then return {'month', hour, month, spent} end
if hour + units > tonumber(ARGV[3]) then return {'hour', hour, month, spent} end
hour = redis.call('incrby', KEYS[1], units)
redis.call('expire', KEYS[1], ARGV[6])
return {'in', hour, redis.call('incrby', KEYS[2], units), redis.call('incrby', KEYS[3], cost)}
`;

/** What is not there any more need not be given back. */
const GIVE_BACK = `
for i, key in ipairs(KEYS) do
  if redis.call('exists', key) == 1 then redis.call('decrby', key, ARGV[i]) end
end
`;

/**
 * Counts units and costs of issued keys in Redis, for all processes together: per calendar hour and per calendar month, both
 * UTC. Whatever is asked at once, a quota is never passed.
 */
export class Quota {
  constructor(
    private readonly redis: RedisClient,
    /** What a key has used in a month, from where it is kept for good. */
    private readonly usedIn: (keyId: string, month: string) => Promise<Amount>,
  ) {}

  async admit(keyId: string, limits: Limits, amount: Amount, at: Date): Promise<Verdict> {
    const keys = keysOf(keyId, at);
    const ask = async () =>
      (await answered(
        this.redis.eval(
          ADMIT,
          keys.length,
          ...keys,
          amount.units,
          amount.cost,
          limits.hourlyQuota,
          limits.monthlyQuota,
          limits.costCeiling ?? -1,
          HOUR_KEPT,
        ),
      )) as [string, number, number, number];
    let answer = await ask();
    if (answer[0] === 'unseeded') {
      await this.seed(keyId, keys, at);
      answer = await ask();
    }
    const [what, hour, month, cost] = answer;
    if (what === 'unseeded') throw new Error('Redis forgets at once what is counted: is it out of memory?');
    return { over: what === 'in' ? null : (what as Limit), used: { hour, month, cost } };
  }

  /** Of a request that was let in at that time and that we could not answer. */
  async giveBack(keyId: string, amount: Amount, at: Date): Promise<void> {
    const keys = keysOf(keyId, at);
    await answered(this.redis.eval(GIVE_BACK, keys.length, ...keys, amount.units, amount.units, amount.cost));
  }

  /** The first of several processes wins; the others count on from there. */
  private async seed(keyId: string, [, month, cost]: Keys, at: Date): Promise<void> {
    const used = await this.usedIn(keyId, monthOf(at));
    await answered(this.redis.set(month, used.units, 'EX', MONTH_KEPT, 'NX'));
    await answered(this.redis.set(cost, used.cost, 'EX', MONTH_KEPT, 'NX'));
  }
}

/** Without Redis nobody can say what is left, and nothing is given away. */
async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') throw error;
    throw new Unavailable('quota-away', 'What this key may use cannot be looked up at the moment.', RETRY_SECONDS);
  }
}

type Keys = readonly [string, string, string];

function keysOf(keyId: string, at: Date): Keys {
  const begin = `${KEY_PREFIX}:quota:${keyId}`;
  return [
    `${begin}:hour:${Math.floor(at.getTime() / HOUR_MS)}`,
    `${begin}:units:${monthOf(at)}`,
    `${begin}:cost:${monthOf(at)}`,
  ];
}

/** Like 2026-01. */
export const monthOf = (at: Date): string => at.toISOString().slice(0, 7);

export function nextHour(at: Date): Date {
  return new Date((Math.floor(at.getTime() / HOUR_MS) + 1) * HOUR_MS);
}

export function nextMonth(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
}
