import { Counter } from 'prom-client';

/** Tokens that were read and written by the model; `purpose` is the kind of question. */
export const aiTokens = new Counter({
  name: 'scani_ai_tokens_total',
  help: 'Tokens of the language model, by purpose and direction.',
  labelNames: ['purpose', 'direction'],
  registers: [],
});
