import { Injectable } from '@nestjs/common';
import { TooMany } from '@scani/runtime';
import pLimit from 'p-limit';
import { fetchPage } from './link.fetch.js';
import { type LinkPreview, previewOf } from './link.page.js';

const AT_ONCE = 8;
const WAITING = 32;
const COME_BACK_SECONDS = 5;

@Injectable()
export class LinksService {
  private readonly turns = pLimit(AT_ONCE);

  preview(url: string): Promise<LinkPreview> {
    if (this.turns.pendingCount >= WAITING) {
      throw new TooMany('link-limit', 'Too many pages are being looked at.', COME_BACK_SECONDS);
    }
    return this.turns(async () => previewOf(await fetchPage(url)));
  }
}
