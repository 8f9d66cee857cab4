import { type Field, fragment, integer, optional, text, url } from '@scani/runtime';

export const OPENAI_URL = 'https://api.openai.com/v1';

const dollars = (of: string): Field<string | undefined> =>
  optional({
    ...text({ description: `US dollars for a million tokens of ${of}; without it costs of AI are not counted.` }),
    parse: (value) => {
      if (!/^\d{1,6}(\.\d{1,6})?$/.test(value)) throw new Error('must be an amount like 0.4');
      return value;
    },
  });

export const aiEnv = fragment('AI', {
  AI_URL: url({
    description:
      'OpenAI, or a server that speaks like it (llama.cpp, Ollama, vLLM …), with its version. One of your own needs no key.',
    default: OPENAI_URL,
  }),
  OPENAI_API_KEY: optional(
    text({
      description: 'The key for AI_URL. Without it OpenAI is not asked, and nothing is read by AI.',
      secret: true,
    }),
  ),
  AI_MODEL: text({ description: 'The model that is asked. It has to see pictures.', default: 'gpt-5.4-mini' }),
  AI_PER_MINUTE: integer({ description: 'Requests to AI_URL a minute, at most.', default: '20', min: 1, max: 100_000 }),
  AI_TIMEOUT_SECONDS: integer({
    description: 'The longest that one answer may take.',
    default: '90',
    min: 5,
    max: 110,
  }),
  AI_MAX_TOKENS: integer({
    description: 'The longest answer in tokens, reasoning included.',
    default: '16000',
    min: 500,
    max: 200_000,
  }),
  AI_COST_PER_MILLION_INPUT: dollars('input'),
  AI_COST_PER_MILLION_OUTPUT: dollars('output'),
});
