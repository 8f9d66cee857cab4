import {
  type Capabilities,
  CLOUD_LEVEL,
  CLOUD_LIMITS,
  CLOUD_REMEDIES,
  CloudClient,
  CloudError,
  cloudTroubleOf,
} from '@scani/cloud';
import { readFileSync } from 'node:fs';
import { printed } from '../doctor/doctor.js';
import type { Source } from '../doctor/doctor.env.js';
import {
  type Diagnosis,
  type Examination,
  examine,
  exitCodeOf,
  fail,
  type Finding,
  ok,
  skipped,
  warn,
} from '../doctor/examination.js';
import { isNear } from '../doctor/postgres.js';
import { VERSION } from '../version.js';

const LIMIT_MS = 10_000;
const ASK_MS = 8_000;
/** Every installation asks for it: other currencies are converted through it. */
const EURO = { id: 'eur', kind: 'fiat', symbol: 'EUR', identities: [] } as const;

export interface TierCheckOptions {
  url: string | undefined;
  key: string | undefined;
  json: boolean;
}

/** Looks at a data-provider before anything is pointed at it; changes nothing. 0: all well, 1: it cannot be used, 2: it lacks something. */
export async function tierCheck(options: TierCheckOptions): Promise<number> {
  const key = options.key ?? keyOf(process.env);
  const url = options.url ?? process.env['SCANI_CLOUD_URL'];
  if (!url) throw new Error('Which data-provider? scani tier check --url https://…, or SCANI_CLOUD_URL');
  if (!key) throw new Error('With which key? Set SCANI_CLOUD_API_KEY (it is never printed), or --key');
  const findings = await examineTier(url, key);
  process.stdout.write(printed(findings, { ...process.env, SCANI_CLOUD_API_KEY: key }, options.json));
  return exitCodeOf(findings);
}

function keyOf(source: Source): string | undefined {
  const file = source['SCANI_CLOUD_API_KEY_FILE'];
  return file ? readFileSync(file, 'utf8').trim() : source['SCANI_CLOUD_API_KEY'];
}

export async function examineTier(url: string, key: string, askMs = ASK_MS): Promise<Finding[]> {
  const address = addressOf(url);
  if (address.state === 'fail') return [{ name: 'address', ...address, ms: 0 }];
  const limits = { ...CLOUD_LIMITS, timeoutMs: askMs, personTimeoutMs: askMs, attempts: 1 };
  const client = new CloudClient({ url: url.replace(/\/+$/, ''), apiKey: key }, limits);
  const asked = client.capabilities();
  asked.catch(() => undefined);
  const on = (name: string, look: (can: Capabilities) => Diagnosis | Promise<Diagnosis>): Examination => ({
    name,
    run: () => asked.then(look, () => skipped('The data-provider cannot be used, so this could not be looked at.')),
  });
  return examine(
    [
      { name: 'address', run: () => Promise.resolve(address) },
      { name: 'data-provider', run: () => usable(url, asked) },
      on('level', level),
      on('mail', mail),
      on('prices', (can) => prices(can, client)),
      on('asset-search', () => search(client)),
      on('ai', ai),
      on('quota', quota),
    ],
    LIMIT_MS,
  );
}

function addressOf(url: string): Diagnosis {
  const rule = 'An address is like https://data-provider.example.org, without a path.';
  if (!URL.canParse(url)) return fail(`${JSON.stringify(url)} is not an address.`, rule);
  const { protocol, hostname, username } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return fail(`${protocol}// is not http:// or https://.`, rule);
  if (username) return fail('There is a user in the address.', 'The key goes into SCANI_CLOUD_API_KEY.');
  if (protocol === 'https:') return ok('The way to it is encrypted.', { tier: 'tier2' });
  return isNear(hostname)
    ? ok('It is nearby, so the way to it need not be encrypted.', { tier: 'tier1' })
    : warn('The key would travel without encryption.', 'Use https:// where the data-provider is not nearby.', {
        tier: 'tier1',
      });
}

async function usable(url: string, asked: Promise<Capabilities>): Promise<Diagnosis> {
  try {
    const { version } = await asked;
    return ok(`The data-provider at ${url} answers and takes the key.`, { url, version, scani: VERSION });
  } catch (error) {
    return unusable(error, `The data-provider at ${url} cannot be used`);
  }
}

/** Finds the cause and what to do about it. */
export function unusable(error: unknown, what: string): Diagnosis {
  if (!(error instanceof CloudError)) throw error;
  const cause = cloudTroubleOf(error);
  return fail(`${what} (${cause}): ${error.message}`, CLOUD_REMEDIES[cause], {
    cause,
    ...(error.about.status === undefined ? {} : { status: error.about.status }),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
  });
}

export function level({ levels, version }: Capabilities): Diagnosis {
  const facts = { theirs: levels, ours: CLOUD_LEVEL, version, scani: VERSION };
  if (levels.includes(CLOUD_LEVEL)) return ok(`Both sides speak level ${CLOUD_LEVEL}.`, facts);
  const older = Math.max(...levels, 0) < CLOUD_LEVEL;
  return fail(
    `It is version ${version} and speaks level ${levels.join(', ') || 'none'}; this is version ${VERSION} and speaks level ${CLOUD_LEVEL}.`,
    older ? 'The data-provider must be updated: tell its operator.' : 'Update this installation before the switch.',
    facts,
  );
}

function mail({ mail: sends }: Capabilities): Diagnosis {
  return sends
    ? ok('It can send mail.')
    : warn(
        'It sends no mail for this key, so people cannot sign in.',
        'Its operator sets SMTP_URL and SMTP_FROM there, and allows the key to send mail.',
      );
}

async function prices({ prices: sources }: Capabilities, client: CloudClient): Promise<Diagnosis> {
  const facts = { sources };
  if (sources.length === 0) {
    return fail('It has no source of prices, so every figure would age.', 'Its operator configures one there.', facts);
  }
  try {
    const answer = await client.currentPrices([EURO]);
    const [quote] = answer.prices;
    if (quote) return ok(`A euro is ${quote.value} ${quote.currency}, by ${quote.source} at ${quote.at}.`, facts);
    return warn(
      `It has no price of the euro now: ${answer.problems[0]?.detail ?? 'it does not say why'}.`,
      'A source may be in trouble there; it is asked again by itself.',
      facts,
    );
  } catch (error) {
    return unusable(error, 'It gives no prices');
  }
}

async function search(client: CloudClient): Promise<Diagnosis> {
  try {
    const matches = await client.searchAssets('bitcoin');
    return matches.length > 0
      ? ok(`It finds assets: ${matches.length} for "bitcoin".`)
      : warn('It finds nothing for "bitcoin".', 'Its operator looks at its sources; assets can be added by hand.');
  } catch (error) {
    return unusable(error, 'Assets cannot be searched');
  }
}

const ai = ({ ai: reads }: Capabilities): Diagnosis =>
  reads.length > 0
    ? ok(`It reads by AI: ${reads.join(', ')}.`, { reads })
    : skipped('It reads neither screenshots nor documents: not offered by this data-provider.');

function quota({ key }: Capabilities): Diagnosis {
  if (!key) return skipped('This key has no quota.');
  const facts = { plan: key.plan, hour: key.hour, month: key.month, cost: key.cost, expiresAt: key.expiresAt };
  const left = (limit: { quota: number; used: number }): number => Math.max(0, limit.quota - limit.used);
  const words = `${left(key.hour)} units of this hour and ${left(key.month)} of this month are left (plan ${key.plan})`;
  return left(key.hour) > 0 && left(key.month) > 0
    ? ok(`${words[0]?.toUpperCase()}${words.slice(1)}.`, facts)
    : warn(`Only ${words}.`, CLOUD_REMEDIES['over-hourly-quota'], facts);
}
