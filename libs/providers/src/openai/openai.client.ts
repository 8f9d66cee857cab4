import { textBodyOf, send } from '../call.js';
import { type HttpAnswer, type Lent, ProviderError } from '../provider.js';
import { errorOf, type ServiceError } from './openai.responses.js';

export const NAME = 'openai';

export interface OpenAiSettings {
  /** With its version, e.g. `https://api.openai.com/v1` or `http://127.0.0.1:8080/v1`. */
  readonly url: string;
  /** Read for every request; a server on one's own machine often wants none. */
  readonly apiKey: string | undefined;
  readonly model: string;
  /** Of one answer, reasoning included. */
  readonly maxTokens: number;
}

/** An error that says nothing else gets this long a pause: somebody has to pay first. */
const NO_CREDIT_PAUSE_SECONDS = 3_600;

export type Asked = { readonly text: string } | { readonly error: ServiceError };

/** Sends one request for a completion. Complaints about the request itself come back; for the rest it throws ProviderError. */
export async function complete(settings: OpenAiSettings, lent: Lent, body: object): Promise<Asked> {
  const answer = await chat(settings, lent, JSON.stringify(body));
  if (answer.status === 200) return { text: textBodyOf(NAME, answer, lent.now()) };
  const error = errorOf(answer.text);
  if (answer.status === 429 && error.code === 'insufficient_quota') {
    throw new ProviderError(NAME, 'limited', 'the account of its key has no credit left', NO_CREDIT_PAUSE_SECONDS);
  }
  if (answer.status === 404 || error.code === 'model_not_found') {
    throw new ProviderError(NAME, 'not-covered', `does not know the model "${settings.model}" at this address`);
  }
  // 501: servers that do not implement a part of it.
  if ([400, 413, 422, 501].includes(answer.status)) return { error };
  return { text: textBodyOf(NAME, answer, lent.now()) };
}

const chat = ({ url, apiKey }: OpenAiSettings, lent: Lent, body: string): Promise<HttpAnswer> =>
  send(NAME, lent, {
    url: `${url.replace(/\/+$/, '')}/chat/completions`,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body,
    once: true,
  });
