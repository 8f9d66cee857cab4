import { Logger } from '@nestjs/common';
import { KEY_PREFIX, type RedisClient } from '@scani/jobs';
import { LRUCache } from 'lru-cache';

export interface CacheBounds {
  /** Characters of JSON that this process keeps at most. */
  readonly own: number;
  /** The same of all processes together, in Redis. */
  readonly shared: number;
}

export interface Kept<V> {
  readonly key: string;
  readonly value: V;
  readonly ttlMs: number;
}

interface Entry<V> {
  readonly value: V;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What is larger is kept by this process alone, so that one answer never holds up Redis. */
const LARGEST_SHARED = 1_000_000;
const SILENCE_MS = 60_000;

/**
 * One hash for the values and one sorted set for when they end, so that a cache has three keys whatever it holds, and its size
 * is known: what ends soonest goes first.
 */
const KEEP = `
local values, ends, size = KEYS[1], KEYS[2], KEYS[3]
if redis.call('exists', values) == 0 then redis.call('del', ends, size) end
local function drop(key)
  redis.call('decrby', size, redis.call('hstrlen', values, key))
  redis.call('hdel', values, key)
  redis.call('zrem', ends, key)
end
for _, key in ipairs(redis.call('zrangebyscore', ends, '-inf', ARGV[1], 'limit', 0, 500)) do drop(key) end
for at = 4, #ARGV, 3 do
  drop(ARGV[at])
  redis.call('hset', values, ARGV[at], ARGV[at + 1])
  redis.call('zadd', ends, ARGV[at + 2], ARGV[at])
  redis.call('incrby', size, #ARGV[at + 1])
end
while tonumber(redis.call('get', size) or '0') > tonumber(ARGV[2]) do
  local first = redis.call('zrange', ends, 0, 0)[1]
  if not first then break end
  drop(first)
end
for _, key in ipairs(KEYS) do redis.call('expire', key, ARGV[3]) end
`;

const UNUSED_SECONDS = 86_400;

/**
 * Answers that hold for a while: of this process, and behind it of all processes, where they have a Redis. Both are bounded.
 * Values are plain JSON. That Redis is away costs questions to the services, and nothing else.
 */
export class SharedCache<V extends object> {
  private readonly own: LRUCache<string, Entry<V>>;
  private readonly keys: readonly string[];
  private readonly log = new Logger('SharedCache');
  private silentUntil = 0;

  constructor(
    name: string,
    private readonly bounds: CacheBounds,
    private readonly redis: RedisClient | null,
    private readonly now: () => number = Date.now,
  ) {
    this.own = new LRUCache({ maxSize: bounds.own, sizeCalculation: ({ value }) => JSON.stringify(value).length });
    this.keys = ['values', 'ends', 'size'].map((part) => `${KEY_PREFIX}:cache:${name}:${part}`);
  }

  async get(key: string): Promise<V | undefined> {
    return (await this.many([key])).get(key);
  }

  /** What is known, else what `ask` finds, which is kept for as long as `ttlOf` says. */
  async through(key: string, ask: () => Promise<V>, ttlOf: (value: V) => number): Promise<V> {
    const known = await this.get(key);
    if (known) return known;
    const value = await ask();
    await this.keep([{ key, value, ttlMs: ttlOf(value) }]);
    return value;
  }

  /** Those of the keys that are known. */
  async many(keys: readonly string[]): Promise<Map<string, V>> {
    const found = new Map<string, V>();
    const absent: string[] = [];
    for (const key of keys) {
      const entry = this.own.get(key);
      if (entry && entry.until > this.now()) found.set(key, entry.value);
      else absent.push(key);
    }
    for (const [key, entry] of await this.ofAll(absent)) {
      found.set(key, entry.value);
      this.own.set(key, entry);
    }
    return found;
  }

  async keep(kept: readonly Kept<V>[]): Promise<void> {
    const entries = kept
      .filter(({ ttlMs }) => ttlMs > 0)
      .map(({ key, value, ttlMs }) => ({ key, entry: { value, until: this.now() + ttlMs } }));
    for (const { key, entry } of entries) this.own.set(key, entry);
    const texts = entries.flatMap(({ key, entry }) => {
      const text = JSON.stringify(entry);
      return text.length > LARGEST_SHARED ? [] : [key, text, String(entry.until)];
    });
    if (texts.length === 0) return;
    await this.asked((redis) =>
      redis.eval(KEEP, this.keys.length, ...this.keys, this.now(), this.bounds.shared, UNUSED_SECONDS, ...texts),
    );
  }

  private async ofAll(keys: readonly string[]): Promise<[string, Entry<V>][]> {
    const values = this.keys[0];
    if (keys.length === 0 || values === undefined) return [];
    const texts = await this.asked((redis) => redis.hmget(values, ...keys));
    return (texts ?? []).flatMap((text, at): [string, Entry<V>][] => {
      const key = keys[at];
      if (text === null || key === undefined) return [];
      const entry = JSON.parse(text) as Entry<V>;
      return entry.until > this.now() ? [[key, entry]] : [];
    });
  }

  private async asked<T>(question: (redis: RedisClient) => Promise<T>): Promise<T | undefined> {
    if (this.redis === null) return undefined;
    try {
      return await question(this.redis);
    } catch (error) {
      if (this.now() > this.silentUntil) {
        this.silentUntil = this.now() + SILENCE_MS;
        this.log.warn(`the cache that all processes share is not used: ${String(error)}`);
      }
      return undefined;
    }
  }
}
