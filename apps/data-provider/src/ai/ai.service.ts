import { Inject, Injectable } from '@nestjs/common';
import { type ModelAnswer, type ModelQuestion, type ModelUsage, ProviderError } from '@scani/providers';
import { Invalid, type Live, type Refusal, TooMany, Unavailable } from '@scani/runtime';
import { Outside } from '../outside/outside.js';
import type { AiUsage, ColumnsAnswer, DocumentAnswer, ScreenshotAnswer } from './ai.dto.js';
import { costOf, type TokenPrices } from './ai.cost.js';
import { OPENAI_URL } from './ai.env.js';
import { aiTokens } from './ai.metrics.js';
import { columnsOf, columnsQuestion } from './columns.question.js';
import { documentOf, documentQuestion } from './document.question.js';
import { pictureIn } from './picture.js';
import { screenshotOf, screenshotQuestion } from './screenshot.question.js';

/** How the model may be asked. */
export interface AiSettings {
  readonly url: string;
  readonly key: Live<string | undefined>;
  readonly cost: TokenPrices;
}
export const AI_SETTINGS = Symbol('AI_SETTINGS');

const OFFERED = ['screenshot', 'document', 'columns'] as const;

/** Has a model transcribe what it is shown. What comes in and what goes out is kept nowhere. */
@Injectable()
export class AiService {
  constructor(
    private readonly outside: Outside,
    @Inject(AI_SETTINGS) private readonly settings: AiSettings,
  ) {}

  /** What can be read: all or, without a key for OpenAI, nothing. A server of one's own needs no key. */
  get offered(): readonly string[] {
    return this.settings.key.current !== undefined || this.settings.url !== OPENAI_URL ? OFFERED : [];
  }

  async screenshot(base64: string, signal: AbortSignal): Promise<ScreenshotAnswer> {
    const { value, usage } = await this.ask(screenshotQuestion(pictureIn(base64)), signal);
    return { ...screenshotOf(value), usage };
  }

  async document(pages: readonly string[], signal: AbortSignal): Promise<DocumentAnswer> {
    const { value, usage } = await this.ask(documentQuestion(pages), signal);
    return { ...documentOf(value, pages), usage };
  }

  async columns(heading: readonly string[], rows: readonly string[][], signal: AbortSignal): Promise<ColumnsAnswer> {
    const { value, usage } = await this.ask(columnsQuestion(heading, rows), signal);
    return { columns: columnsOf(value, heading.length), usage };
  }

  private async ask(question: ModelQuestion, signal: AbortSignal): Promise<{ value: unknown; usage: AiUsage }> {
    if (this.offered.length === 0) {
      throw new Unavailable(
        'ai-not-configured',
        'Nothing is read by AI here: the operator of the data-provider sets OPENAI_API_KEY, or AI_URL to a server of their own.',
      );
    }
    const answer = await this.answer(question, signal);
    aiTokens.inc({ purpose: question.name, direction: 'input' }, answer.usage.input ?? 0);
    aiTokens.inc({ purpose: question.name, direction: 'output' }, answer.usage.output ?? 0);
    switch (answer.outcome) {
      case 'answered':
        return { value: answer.value, usage: this.usageOf(answer.usage) };
      case 'refused':
        throw new Invalid(
          'ai-refused',
          'The model does not want to read this. Enter it by hand, or try another picture.',
        );
      case 'cut':
        throw new Invalid('ai-too-much', 'There is more in it than the model can read at once. Cut it into parts.');
    }
  }

  private async answer(question: ModelQuestion, signal: AbortSignal): Promise<ModelAnswer> {
    const { model } = this.outside;
    try {
      return await model.ask(question, this.outside.lend(model.name, signal));
    } catch (error) {
      throw error instanceof ProviderError ? refusalOf(error) : error;
    }
  }

  private usageOf(usage: ModelUsage): AiUsage {
    return {
      inputTokens: usage.input ?? null,
      outputTokens: usage.output ?? null,
      dollars: costOf(usage, this.settings.cost) ?? null,
    };
  }
}

const RETRY_SECONDS = 60;

function refusalOf({ code, message, retryAfterSeconds }: ProviderError): Refusal {
  const after = retryAfterSeconds ?? RETRY_SECONDS;
  switch (code) {
    case 'limited':
      return new TooMany('ai-limit', `The model cannot be asked at the moment: ${message}.`, after);
    case 'unauthorized':
      return new Unavailable('ai-unauthorized', 'The model does not take OPENAI_API_KEY of the data-provider.');
    case 'not-covered':
      return new Unavailable('ai-model-unknown', `The model cannot be asked: ${message}. See AI_MODEL.`);
    case 'timeout':
      return new Unavailable('ai-timeout', 'The model did not answer in time.', after);
    case 'cancelled':
      return new Unavailable('ai-cancelled', 'Nobody waits for this any more.');
    case 'malformed':
      return new Unavailable('ai-not-understood', `The model answered with something else: ${message}.`, after);
    case 'unreachable':
    case 'failed':
      return new Unavailable('ai-failed', `The model cannot be asked: ${message}.`, after);
  }
}
