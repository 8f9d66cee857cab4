import { Injectable } from '@nestjs/common';
import { type Capabilities, CloudClient, CloudError } from '@scani/cloud';
import { type AiReadable, type AiReading, AI_READINGS } from './ai-reading.dto.js';

/** What the data-provider offers may change with its settings, and a page asks again whenever it is opened. */
const KNOWN_FOR_MS = 30_000;

/** What the data-provider reads by AI for this installation. */
@Injectable()
export class AiReadingService {
  private known: { readonly reading: AiReading; readonly until: number } | undefined;

  constructor(private readonly cloud: CloudClient) {}

  async get(): Promise<AiReading> {
    if (this.known && this.known.until > Date.now()) return this.known.reading;
    const reading = await this.ask();
    this.known = { reading, until: Date.now() + KNOWN_FOR_MS };
    return reading;
  }

  /** Whether this can be read now. */
  async offers(what: AiReadable): Promise<boolean> {
    return (await this.get()).offered.includes(what);
  }

  private async ask(): Promise<AiReading> {
    const sentTo = this.cloud.host;
    try {
      const can = await this.cloud.capabilities();
      const offered = AI_READINGS.filter((what) => can.ai.includes(what));
      return { offered, sentTo, why: offered.length === AI_READINGS.length ? null : whyNot(can) };
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return { offered: [], sentTo, why: 'The data-provider does not answer at the moment.' };
    }
  }
}

function whyNot({ key, ai }: Capabilities): string {
  if (key !== null && !key.scopes.includes('ai')) return 'The key of this installation may not use AI.';
  return ai.length > 0
    ? 'The data-provider of this installation reads only a part of it.'
    : 'The data-provider of this installation has no model: its operator sets OPENAI_API_KEY there, or AI_URL to a model of their own.';
}
