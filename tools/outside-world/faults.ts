/** Trouble on demand. The bodies are what each service really sends when it is busy. */
import { json, type Answer } from './http.ts';

export const SERVICES = [
  'coingecko',
  'defillama',
  'yahoo',
  'finnhub',
  'frankfurter',
  'ecb',
  'openai',
  'esplora',
  'etherscan',
  'ethereum-rpc',
  'helius',
  'tron',
  'ton',
  'google',
] as const;
export type Service = (typeof SERVICES)[number];

export interface Fault {
  service: Service;
  /** `status` answers with it; `hang` never answers; `reset` cuts the line; `malformed` sends half a JSON; `huge` 32 MB. */
  kind: 'status' | 'hang' | 'reset' | 'malformed' | 'huge';
  status?: number;
  retryAfterSeconds?: number;
  /** How often; without it until healed. */
  times?: number;
  /** Only paths that contain this. */
  path?: string;
}

export class Faults {
  private readonly active: Fault[] = [];

  add(fault: Fault): void {
    this.active.push({ ...fault });
  }

  clear(): void {
    this.active.length = 0;
  }

  /** The fault that hits this request, and one fewer of it. */
  take(service: Service, path: string): Fault | undefined {
    const found = this.active.find((fault) => fault.service === service && (!fault.path || path.includes(fault.path)));
    if (found?.times !== undefined && --found.times <= 0) this.active.splice(this.active.indexOf(found), 1);
    return found;
  }
}

export function faultAnswer(fault: Fault): Answer {
  const status = fault.status ?? 500;
  const retry: Record<string, string> =
    fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  if (fault.kind === 'malformed') return { ...json(200, {}), body: '{"chart":{"result":[{"meta":' };
  if (fault.kind === 'huge') return { ...json(200, {}), body: `{"filler":"${'x'.repeat(32 * 1024 * 1024)}"}` };
  if (fault.service === 'coingecko' && status === 429) {
    const message =
      "You've exceeded the Rate Limit. Please visit https://www.coingecko.com/en/api/pricing to subscribe.";
    return json(429, { status: { error_code: 429, error_message: message } }, retry);
  }
  if (fault.service === 'yahoo' && status === 429) {
    return { status, headers: { 'content-type': 'text/plain', ...retry }, body: 'Too Many Requests\r\n' };
  }
  if (fault.service === 'openai') {
    const code = status === 429 ? 'rate_limit_exceeded' : null;
    return json(status, { error: { message: 'Rate limit reached', type: 'requests', param: null, code } }, retry);
  }
  if (fault.service === 'tron' && status === 403) {
    const Error = 'The key exceeds the frequency limit(15), and the query server is suspended for 30 s';
    return json(403, { Error });
  }
  if (fault.service === 'etherscan' && status === 429) {
    return json(200, { status: '0', message: 'NOTOK', result: 'Max calls per sec rate limit reached (3/sec)' });
  }
  return json(status, { message: status === 429 ? 'too many requests' : 'out of order' }, retry);
}
