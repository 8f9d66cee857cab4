import { Injectable } from '@nestjs/common';
import { TooMany } from '@scani/runtime';
import Bottleneck from 'bottleneck';
import { fetchPage } from './link.fetch.js';
import { type LinkPreview, previewOf } from './link.page.js';

const AT_ONCE = 8;
const WAITING = 32;
const COME_BACK_SECONDS = 5;

@Injectable()
export class LinksService {
  private readonly line = new Bottleneck({
    maxConcurrent: AT_ONCE,
    highWater: WAITING,
    strategy: Bottleneck.strategy.OVERFLOW,
  });

  async preview(url: string): Promise<LinkPreview> {
    try {
      return await this.line.schedule(async () => previewOf(await fetchPage(url)));
    } catch (error) {
      if (!(error instanceof Bottleneck.BottleneckError)) throw error;
      throw new TooMany('link-limit', 'Too many pages are being looked at.', COME_BACK_SECONDS);
    }
  }
}
