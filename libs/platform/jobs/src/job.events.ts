import { Injectable, Logger } from '@nestjs/common';
import type { RedisClient } from './redis.js';
import { KEY_PREFIX } from './redis.js';

/** News for one person's open pages. */
export interface UserEvent {
  type: 'job' | 'portfolio' | 'import';
  data: object;
}

export const channelOf = (userId: string): string => `${KEY_PREFIX}:events:${userId}`;

/** Passes news on through Redis. News may be lost (pages read again when they reconnect); the truth is in Postgres. */
@Injectable()
export class EventPublisher {
  private readonly log = new Logger('Events');
  constructor(private readonly redis: RedisClient) {}

  async publish(userId: string, event: UserEvent): Promise<void> {
    try {
      await this.redis.publish(channelOf(userId), JSON.stringify(event));
    } catch (error) {
      this.log.debug(`news not passed on: ${String(error)}`);
    }
  }
}
