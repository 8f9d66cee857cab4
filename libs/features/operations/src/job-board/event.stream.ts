import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { channelOf, REDIS, type RedisClient } from '@scani/jobs';

type Listener = (event: { type: string; data: object }) => void;

/** One subscription per process and person, however many pages they have open. */
@Injectable()
export class EventStream implements OnModuleDestroy {
  private readonly subscriber: RedisClient;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly endings = new Set<() => void>();

  constructor(@Inject(REDIS) redis: RedisClient) {
    this.subscriber = redis.duplicate();
    this.subscriber.on('error', () => {});
    // The duplicate fails fast too; what is listened to is subscribed again after every (re)connect.
    this.subscriber.on('ready', () => void this.subscribeAll());
    this.subscriber.on('message', (channel: string, message: string) => this.pass(channel, message));
  }

  /** Hears the news of one person until the returned function is called. `end` is called when the process drains. */
  listen(userId: string, listener: Listener, end: () => void): () => void {
    const channel = channelOf(userId);
    const known = this.listeners.get(channel) ?? new Set();
    known.add(listener);
    this.listeners.set(channel, known);
    this.endings.add(end);
    if (known.size === 1) void this.subscriber.subscribe(channel).catch(() => {});
    return () => {
      this.endings.delete(end);
      known.delete(listener);
      if (known.size > 0) return;
      this.listeners.delete(channel);
      void this.subscriber.unsubscribe(channel).catch(() => {});
    };
  }

  onModuleDestroy(): void {
    for (const end of this.endings) end();
    this.subscriber.disconnect();
  }

  private pass(channel: string, message: string): void {
    const event = JSON.parse(message) as { type: string; data: object };
    for (const listener of this.listeners.get(channel) ?? []) listener(event);
  }

  private async subscribeAll(): Promise<void> {
    const channels = [...this.listeners.keys()];
    if (channels.length > 0) await this.subscriber.subscribe(...channels).catch(() => {});
  }
}
