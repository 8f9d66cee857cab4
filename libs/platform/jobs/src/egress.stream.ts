import { Logger } from '@nestjs/common';
import { type EgressCall, onEgress } from '@scani/runtime';
import { KEY_PREFIX, type RedisClient } from './redis.js';

const STREAM = `${KEY_PREFIX}:egress`;
/** Nobody may be there to read it. */
const MOST_IN_REDIS = 200_000;
const MOST_HELD = 10_000;
const GATHER_MS = 500;
const AT_ONCE = 500;

/** A call as it lies in the stream; `id` is unique in an installation. */
export interface EgressEntry extends Omit<EgressCall, 'at'> {
  readonly id: string;
  /** ISO instant. */
  readonly at: string;
  /** Which process made it: `api`, `worker`, `data-provider`. */
  readonly process: string;
}

/**
 * Passes on every call that leaves this process to where a worker keeps them. Calls are never held up; while Redis is away
 * they are held here, up to a bound, and what a killed process holds (half a second's, where Redis answers) is lost.
 */
export class EgressWriter {
  private readonly log = new Logger('Egress');
  private readonly stopHearing: () => void;
  private readonly timer: NodeJS.Timeout;
  private held: string[] = [];
  private lost = 0;
  private writing: Promise<void> | undefined;

  constructor(
    process: string,
    private readonly redis: RedisClient,
  ) {
    this.stopHearing = onEgress((call) => {
      if (this.held.length >= MOST_HELD) this.lost += 1;
      else this.held.push(JSON.stringify({ ...call, process }));
    });
    this.timer = setInterval(() => void this.write(), GATHER_MS);
    this.timer.unref();
  }

  /** Writes what is held; called before the connection is closed. */
  async close(): Promise<void> {
    this.stopHearing();
    clearInterval(this.timer);
    await this.writing;
    await this.write();
  }

  private write(): Promise<void> {
    this.writing ??= this.writeHeld().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async writeHeld(): Promise<void> {
    while (this.held.length > 0) {
      const batch = this.held.slice(0, AT_ONCE);
      try {
        await this.append(batch);
      } catch (error) {
        this.log.debug(`calls that left are held until Redis answers: ${String(error)}`);
        return;
      }
      this.held = this.held.slice(batch.length);
    }
    if (this.lost > 0)
      this.log.warn(`${this.lost} calls are missing in the egress ledger: Redis was away for too long`);
    this.lost = 0;
  }

  /** One step: of a batch that is written twice the ledger would show each call twice. */
  private async append(batch: readonly string[]): Promise<void> {
    await this.redis.eval(APPEND, 1, STREAM, MOST_IN_REDIS, ...batch);
  }
}

const APPEND = `
for at = 2, #ARGV do redis.call('xadd', KEYS[1], 'maxlen', '~', ARGV[1], '*', 'call', ARGV[at]) end
`;

/** The oldest calls that were not taken yet. */
export async function readEgress(redis: RedisClient): Promise<EgressEntry[]> {
  const entries = await redis.xrange(STREAM, '-', '+', 'COUNT', AT_ONCE);
  return entries.map(([id, [, text = '{}']]) => ({ ...(JSON.parse(text) as Omit<EgressEntry, 'id'>), id }));
}

/** They are kept elsewhere now. */
export async function takeEgress(redis: RedisClient, entries: readonly EgressEntry[]): Promise<void> {
  if (entries.length > 0) await redis.xdel(STREAM, ...entries.map(({ id }) => id));
}
