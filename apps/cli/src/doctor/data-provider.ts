import { type Capabilities, CLOUD_LIMITS, CLOUD_REMEDIES, CloudClient, CloudError, cloudTroubleOf } from '@scani/cloud';
import { outbound } from '@scani/runtime';
import { VERSION } from '../version.js';
import type { DoctorEnv } from './doctor.env.js';
import { type Diagnosis, type Examination, fail, ok, skipped, warn } from './examination.js';

const ASK_MS = 5_000;

export function dataProviderExaminations(env: NonNullable<DoctorEnv['cloud']>): Examination[] {
  const client = new CloudClient(
    { url: env.SCANI_CLOUD_URL, apiKey: env.SCANI_CLOUD_API_KEY },
    { ...CLOUD_LIMITS, personTimeoutMs: ASK_MS },
  );
  const asked = client.capabilities();
  asked.catch(() => undefined);
  const on = (name: string, look: (can: Capabilities) => Promise<Diagnosis>): Examination => ({
    name,
    run: () => asked.then(look, () => skipped('The data-provider cannot be used, so this could not be looked at.')),
  });
  return [
    { name: 'data-provider', run: () => reachable(env.SCANI_CLOUD_URL, asked) },
    on('data-provider-prices', (can) => prices(env.SCANI_CLOUD_URL, can)),
    on('mail', (can) => mail(env.SCANI_CLOUD_URL, can)),
  ];
}

async function reachable(url: string, asked: Promise<Capabilities>): Promise<Diagnosis> {
  try {
    const { version } = await asked;
    return ok(`The data-provider at ${url} answers and takes the key.`, { url, version, scani: VERSION });
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const cause = cloudTroubleOf(error);
    return fail(`The data-provider at ${url} cannot be used: ${error.message}`, CLOUD_REMEDIES[cause], {
      url,
      code: error.code,
      cause,
    });
  }
}

async function prices(url: string, can: Capabilities): Promise<Diagnosis> {
  const facts = { sources: can.prices };
  if (can.prices.length === 0) {
    return fail('The data-provider has no source of prices.', 'Configure one at the data-provider.', facts);
  }
  const trouble = await troubleWith(url, 'price sources');
  if (trouble === undefined) return ok(`Prices come from ${can.prices.join(', ')}.`, facts);
  return warn(
    `A source of prices is in trouble: ${trouble}.`,
    'It is tried again by itself; see the data-provider.',
    facts,
  );
}

async function mail(url: string, can: Capabilities): Promise<Diagnosis> {
  if (!can.mail) {
    return warn(
      'The data-provider sends no mail, so nobody new can sign in.',
      'Set SMTP_URL and SMTP_FROM, or FASTMAIL_API_TOKEN, at the data-provider.',
    );
  }
  const trouble = await troubleWith(url, 'mail');
  if (trouble === undefined) return ok('Mail is configured, and nothing is known against it.');
  return fail(
    `Mail cannot be sent: ${trouble}.`,
    'Check SMTP_URL or FASTMAIL_API_TOKEN at the data-provider, and the mail server.',
  );
}

/** What a data-provider says of a part of itself; a hosted one may keep that private. */
async function troubleWith(url: string, part: string): Promise<string | undefined> {
  try {
    const answer = await outbound({ timeoutMs: ASK_MS, maxBytes: 100_000 })({ url: `${url}/readyz` });
    const { details } = JSON.parse(answer.text) as { details?: Record<string, { state?: string; detail?: string }> };
    const state = details?.[part];
    return state && state.state !== 'ok' ? (state.detail ?? state.state) : undefined;
  } catch {
    return undefined;
  }
}
