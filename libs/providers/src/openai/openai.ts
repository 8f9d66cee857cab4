import type { LanguageModel, ModelAnswer } from '../model.js';
import { ProviderError } from '../provider.js';
import { complete, NAME, type OpenAiSettings } from './openai.client.js';
import { type Concession, concessionAfter, isRefused, isTooLong, requestOf } from './openai.mapping.js';
import { completionOf, objectIn, type ServiceError } from './openai.responses.js';

const UNKNOWN = { input: undefined, output: undefined };

/** A model behind OpenAI's chat completions, or behind a server that speaks like it. */
export function openai(settings: OpenAiSettings): LanguageModel {
  const conceded = new Set<Concession>();
  return {
    name: NAME,
    async ask(question, lent) {
      for (;;) {
        // Others ask meanwhile: the complaint is about what was conceded when this was sent.
        const before = new Set(conceded);
        const asked = await complete(settings, lent, requestOf(settings, question, before));
        if ('text' in asked) return answerOf(asked.text);
        const concession = concessionAfter(asked.error, before);
        if (concession === undefined) return complained(asked.error);
        conceded.add(concession);
      }
    },
  };
}

function complained(error: ServiceError): ModelAnswer {
  if (isTooLong(error)) return { outcome: 'cut', usage: UNKNOWN };
  if (isRefused(error)) return { outcome: 'refused', usage: UNKNOWN };
  // Its words may repeat what was sent, so only its code is told.
  throw new ProviderError(
    NAME,
    'failed',
    `does not take the request: ${error.code.slice(0, 60) || 'it does not say why'}`,
  );
}

function answerOf(text: string): ModelAnswer {
  const completion = completionOf(text);
  if (!completion) throw new ProviderError(NAME, 'malformed', 'the answer is no chat completion');
  const { content, refused, finish, usage } = completion;
  if (refused || finish === 'content_filter') return { outcome: 'refused', usage };
  if (finish === 'length') return { outcome: 'cut', usage };
  const value = content === undefined ? undefined : objectIn(content);
  if (!value) throw new ProviderError(NAME, 'malformed', 'the model did not answer with a JSON object');
  return { outcome: 'answered', value, usage };
}
