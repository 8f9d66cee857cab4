import type { ModelQuestion } from '../model.js';
import type { ServiceError } from './openai.responses.js';
import type { OpenAiSettings } from './openai.client.js';

/** What a server or model turned out not to take, and is not asked for again. */
export type Concession = 'schema' | 'json' | 'temperature' | 'completion-tokens';

/** The body of a request for a chat completion. */
export function requestOf(
  { model, maxTokens }: Pick<OpenAiSettings, 'model' | 'maxTokens'>,
  question: ModelQuestion,
  conceded: ReadonlySet<Concession>,
): object {
  const { name, instructions, material, picture, schema } = question;
  const format = formatOf(name, schema, conceded);
  const spelledOut = `\n\nAnswer with one JSON object and nothing else. It follows this JSON Schema:\n${JSON.stringify(schema)}`;
  const parts = [
    { type: 'text', text: material },
    ...(picture
      ? [
          {
            type: 'image_url',
            image_url: { url: `data:${picture.mediaType};base64,${picture.base64}`, detail: 'high' },
          },
        ]
      : []),
  ];
  return {
    model,
    messages: [
      { role: 'system', content: conceded.has('schema') ? instructions + spelledOut : instructions },
      // Servers whose models see no pictures know text alone.
      { role: 'user', content: picture ? parts : material },
    ],
    ...(format ? { response_format: format } : {}),
    ...(conceded.has('temperature') ? {} : { temperature: 0 }),
    ...(conceded.has('completion-tokens') ? { max_tokens: maxTokens } : { max_completion_tokens: maxTokens }),
  };
}

function formatOf(name: string, schema: object, conceded: ReadonlySet<Concession>): object | undefined {
  if (!conceded.has('schema')) return { type: 'json_schema', json_schema: { name, strict: true, schema } };
  return conceded.has('json') ? undefined : { type: 'json_object' };
}

/** What to leave out after this complaint; undefined when the complaint is about something else. */
export function concessionAfter(
  { param, message }: ServiceError,
  conceded: ReadonlySet<Concession>,
): Concession | undefined {
  const about = `${param} ${message}`.toLowerCase();
  const open = (one: Concession): Concession | undefined => (conceded.has(one) ? undefined : one);
  if (about.includes('temperature')) return open('temperature');
  if (about.includes('max_completion_tokens')) return open('completion-tokens');
  if (/response_format|json_schema|json_object|structured output|grammar/.test(about)) {
    return open('schema') ?? open('json');
  }
  return undefined;
}

/** More than the model can look at in one go. */
export const isTooLong = ({ code, message }: ServiceError): boolean =>
  code === 'context_length_exceeded' || /context (length|size|window)|exceeds? the .*context/i.test(message);

/** The service does not want to look at this. */
export const isRefused = ({ code }: ServiceError): boolean =>
  ['content_policy_violation', 'content_filter', 'moderation_blocked'].includes(code);
