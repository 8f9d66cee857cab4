/**
 * OpenAI's chat completions, as documented at developers.openai.com ("Chat Completions", "Structured Outputs", "Error codes"):
 * POST /v1/chat/completions and GET /v1/models, with a key that begins with `sk-`. Under /local/v1 it is a server of
 * one's own instead: without keys, without json_schema and without max_completion_tokens.
 *
 * There is no model in it. A picture is read by what it says of itself (picture.ts); a picture that says nothing shows
 * nothing. The text of a statement is read line by line, and the heading of a CSV word by word, both for real.
 */
import { json, type Answer, type Asked } from './http.ts';
import { readingIn } from './picture.ts';

interface Part {
  type: string;
  text?: string;
  image_url?: { url: string };
}
interface Wanted {
  model?: unknown;
  messages?: { role: string; content: string | Part[] }[];
  response_format?: { type: string; json_schema?: { name?: string; strict?: boolean; schema?: object } };
  temperature?: number;
  max_tokens?: number;
  max_completion_tokens?: number;
}

const MODELS = ['gpt-5.4-mini', 'gpt-4.1-mini', 'local-vision'];
const MESSAGE_TOKENS = 4;

export function openai({ path, method, headers, body, now }: Asked): Answer {
  const local = path.startsWith('/local/v1/');
  const key = /^Bearer (sk-\S+)$/.exec(headers.authorization ?? '')?.[1];
  if (!local && key === undefined) {
    return problem(401, 'Incorrect API key provided.', 'invalid_request_error', null, 'invalid_api_key');
  }
  const route = path.replace(/^(\/local)?\/v1/, '');
  if (route === '/models' && method === 'GET') {
    return json(200, {
      object: 'list',
      data: MODELS.map((id) => ({ id, object: 'model', created: 0, owned_by: 'scani' })),
    });
  }
  if (route !== '/chat/completions') return problem(404, `Unknown request URL: ${path}`, 'invalid_request_error');
  if (method !== 'POST') return problem(405, 'Method not allowed', 'invalid_request_error');
  let wanted: Wanted;
  try {
    wanted = JSON.parse(body) as Wanted;
  } catch {
    return problem(400, 'We could not parse the JSON body of your request.', 'invalid_request_error');
  }
  return complaintAbout(wanted, local) ?? complete(wanted, now);
}

function complaintAbout(wanted: Wanted, local: boolean): Answer | undefined {
  const { model, messages, response_format: format, max_tokens: most, temperature } = wanted;
  const bad = (message: string, param: string, code: string | null = null) =>
    problem(400, message, 'invalid_request_error', param, code);
  if (typeof model !== 'string' || !MODELS.includes(model)) {
    return problem(
      404,
      `The model \`${String(model)}\` does not exist or you do not have access to it.`,
      'invalid_request_error',
      null,
      'model_not_found',
    );
  }
  if (!Array.isArray(messages) || messages.length === 0)
    return bad("Missing required parameter: 'messages'.", 'messages');
  if (local) {
    if (format?.type === 'json_schema')
      return bad("Unsupported response_format type: 'json_schema'", 'response_format');
    if (wanted.max_completion_tokens !== undefined)
      return bad("Unrecognized argument: 'max_completion_tokens'", 'max_completion_tokens');
    return undefined;
  }
  if (most !== undefined && model.startsWith('gpt-5')) {
    return bad(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    );
  }
  if (temperature !== undefined && temperature !== 1 && model.startsWith('gpt-5')) {
    return bad(
      "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
      'temperature',
      'unsupported_value',
    );
  }
  if (format?.type === 'json_schema' && (!format.json_schema?.name || !isStrict(format.json_schema.schema))) {
    return bad(
      "Invalid schema for response_format: 'additionalProperties' is required to be supplied and to be false.",
      'response_format',
    );
  }
  return undefined;
}

/** Of a strict schema every object says additionalProperties: false and requires all that it has. */
function isStrict(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return schema !== undefined;
  if (Array.isArray(schema)) return schema.every(isStrict);
  const { type, properties, required, additionalProperties } = schema as Record<string, unknown>;
  if (type === 'object') {
    const names = Object.keys((properties as object | undefined) ?? {}).sort();
    if (
      additionalProperties !== false ||
      JSON.stringify(names) !== JSON.stringify([...((required as string[] | undefined) ?? [])].sort())
    )
      return false;
  }
  return Object.values(schema).every((part) => typeof part !== 'object' || part === null || isStrict(part));
}

function complete(wanted: Wanted, now: number): Answer {
  const parts = (wanted.messages ?? [])
    .filter(({ role }) => role === 'user')
    .flatMap(({ content }): Part[] => (typeof content === 'string' ? [{ type: 'text', text: content }] : content));
  const read = readingOf(parts);
  const odd = oddityOf(read);
  if (odd === 'policy') {
    return problem(
      400,
      'Your request was rejected as a result of our safety system.',
      'invalid_request_error',
      null,
      'content_policy_violation',
    );
  }
  const content = typeof read === 'string' ? read : JSON.stringify(read);
  const most = wanted.max_completion_tokens ?? wanted.max_tokens ?? Number.POSITIVE_INFINITY;
  const cut = odd === 'cut' || content.length / MESSAGE_TOKENS > most;
  return json(200, {
    id: 'chatcmpl-outside-world',
    object: 'chat.completion',
    created: Math.floor(now / 1_000),
    model: wanted.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: odd === 'refuse' ? null : cut ? content.slice(0, 20) : content,
          refusal: odd === 'refuse' ? "I'm sorry, I can't assist with that request." : null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: cut ? 'length' : 'stop',
      },
    ],
    usage: usageOf(parts, content),
    system_fingerprint: null,
  });
}

function usageOf(parts: Part[], content: string): object {
  const asked = parts.reduce(
    (sum, part) => sum + (part.image_url ? 1_000 : Math.ceil((part.text ?? '').length / 4)),
    0,
  );
  const answered = Math.ceil(content.length / MESSAGE_TOKENS);
  return { prompt_tokens: asked, completion_tokens: answered, total_tokens: asked + answered };
}

/** A reading may ask for trouble: `{"odd": "refuse" | "cut" | "policy"}`. */
const oddityOf = (read: unknown): unknown =>
  typeof read === 'object' && read !== null && 'odd' in read ? read.odd : undefined;

function readingOf(parts: Part[]): unknown {
  const picture = parts.find(({ type }) => type === 'image_url')?.image_url?.url;
  if (picture !== undefined) {
    const said = readingIn(Buffer.from(picture.slice(picture.indexOf(',') + 1), 'base64'));
    return said ?? { shows_positions: false, goes_on: false, positions: [] };
  }
  const text = parts.map((part) => part.text ?? '').join('\n');
  return text.startsWith('[page ') ? statementIn(text) : columnsIn(text);
}

const LINE = /^(\d{2})\.(\d{2})\.(\d{4})\s+(.+?)\s+([+-]?[\d.]*\d,\d{2}-?)(?:\s+([+-]?[\d.]*\d,\d{2}))?$/;

/** Lines like `03.11.2026 Rent -950,00 1.234,56`; a line `Closing balance 30.11.2026 1.234,56` ends it. */
function statementIn(text: string): object {
  let page = 1;
  let closing: { balance: string; day: string } | undefined;
  const rows: object[] = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    page = Number(/^\[page (\d+)\]$/.exec(line)?.[1] ?? page);
    const end = /^(?:Closing balance|Endsaldo)\s+(\d{2})\.(\d{2})\.(\d{4})\s+([\d.,-]+)$/.exec(line);
    if (end) closing = { balance: end[4] ?? '', day: `${end[3]}-${end[2]}-${end[1]}` };
    const found = LINE.exec(line);
    if (!found) continue;
    const [, day, month, year, description, amount = '', balance] = found;
    rows.push({
      page,
      date: `${year}-${month}-${day}`,
      date_written: `${day}.${month}.${year}`,
      description,
      amount,
      direction: amount.includes('-') ? 'out' : 'in',
      currency: null,
      balance: balance ?? null,
    });
  }
  return {
    is_statement: rows.length > 0,
    currency: /\b(EUR|USD|GBP|CHF)\b/.exec(text)?.[1] ?? null,
    rows,
    closing_balance: closing?.balance ?? null,
    closing_date: closing?.day ?? null,
  };
}

const HEADINGS: Record<string, RegExp> = {
  date: /^(date|datum|buchung|when|fecha|päivä|dag)/i,
  amount: /^(amount|betrag|umsatz|sum|måttet|summa)/i,
  balance: /^(balance|saldo)/i,
  currency: /^(currency|währung|valuta)/i,
};

function columnsIn(text: string): object {
  const { heading, rows } = JSON.parse(text) as { heading: string[]; rows: string[][] };
  const at = (role: string): number | null => {
    const index = heading.findIndex((word) => HEADINGS[role]?.test(word.trim()));
    return index < 0 ? null : index;
  };
  const [date, amount, balance, currency] = ['date', 'amount', 'balance', 'currency'].map(at);
  const used = new Set([date, amount, balance, currency]);
  const sample = rows[0] ?? [];
  const worded = heading
    .map((_, index) => index)
    .filter((index) => !used.has(index) && /\p{L}{3}/u.test(sample[index] ?? ''));
  const seen = (column: number | null | undefined): string =>
    typeof column === 'number' ? (sample[column] ?? '') : '';
  return {
    date,
    date_format: /^\d{2}\.\d{2}\.\d{4}/.test(seen(date)) ? 'DD.MM.YYYY' : 'YYYY-MM-DD',
    amount,
    debit: null,
    credit: null,
    decimal_separator: /,\d{1,2}\D*$/.test(seen(amount)) ? ',' : '.',
    description: worded,
    balance,
    currency,
    id: null,
  };
}

const problem = (
  status: number,
  message: string,
  type: string,
  param: string | null = null,
  code: string | null = null,
): Answer => json(status, { error: { message, type, param, code } });
