import { integerOf, listOf, parseExact, recordOf, textOf } from '../exact-json.js';
import type { ModelUsage } from '../model.js';

/** What a service says of a request that it does not take; empty texts where it says nothing. */
export interface ServiceError {
  readonly code: string;
  readonly param: string;
  readonly message: string;
}

export interface Completion {
  readonly content: string | undefined;
  readonly refused: boolean;
  readonly finish: string | undefined;
  readonly usage: ModelUsage;
}

/** `{"error": {message, type, param, code}}`; some servers write `{"error": "…"}` or `{"detail": "…"}`, and a number as code. */
export function errorOf(text: string): ServiceError {
  const body = recordOf(parsed(text));
  const error = recordOf(body?.['error']);
  const message = textOf(error?.['message']) ?? textOf(body?.['error']) ?? textOf(body?.['message']) ?? '';
  return {
    code: textOf(error?.['code']) ?? textOf(error?.['type']) ?? '',
    param: textOf(error?.['param']) ?? '',
    message: message || text.slice(0, 500),
  };
}

/** The first choice of a chat completion; undefined when this is none. */
export function completionOf(text: string): Completion | undefined {
  const body = recordOf(parsed(text));
  const choice = recordOf(listOf(body?.['choices'])?.[0]);
  const message = recordOf(choice?.['message']);
  if (!message) return undefined;
  const usage = recordOf(body?.['usage']);
  return {
    content: textOf(message['content']),
    refused: textOf(message['refusal']) !== undefined,
    finish: textOf(choice?.['finish_reason']),
    usage: { input: countOf(usage?.['prompt_tokens']), output: countOf(usage?.['completion_tokens']) },
  };
}

/** Tokens of a chat completion, from the text of any answer. */
export const usageIn = (text: string): ModelUsage =>
  completionOf(text)?.usage ?? { input: undefined, output: undefined };

const THOUGHT = '</think>';
const FENCE = '```';

/** The JSON object in what a model wrote: some put it in a fence, some think aloud before it. Undefined when there is none. */
export function objectIn(content: string): object | undefined {
  const thought = content.lastIndexOf(THOUGHT);
  const said = (thought < 0 ? content : content.slice(thought + THOUGHT.length)).trim();
  const fenced = said.startsWith(FENCE) && said.endsWith(FENCE) && said.length >= 2 * FENCE.length;
  return recordOf(parsed(fenced ? said.slice(FENCE.length, -FENCE.length).replace(/^json/, '') : said));
}

function countOf(value: unknown): number | undefined {
  const count = integerOf(value);
  return count !== undefined && count >= 0 ? count : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseExact(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
