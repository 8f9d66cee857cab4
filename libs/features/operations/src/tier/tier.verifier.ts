import { type Capabilities, CLOUD_LEVEL, CLOUD_REMEDIES, CloudClient, CloudError, cloudTroubleOf } from '@scani/cloud';
import { rowOf } from '@scani/database';
import { TrialImport } from '@scani/imports';
import { TrialSync } from '@scani/integrations';
import { JobQueue } from '@scani/jobs';
import { refreshPrices } from '@scani/market';
import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';

export const STEP_STATES = ['waiting', 'running', 'ok', 'failed', 'not-offered', 'skipped'] as const;
export type StepState = (typeof STEP_STATES)[number];

export interface StepResult {
  readonly state: StepState;
  /** What was found, in one sentence. */
  readonly sentence: string;
  /** What to do about it; there with `failed`. */
  readonly remedy: string | null;
}

export interface Step extends StepResult {
  readonly name: string;
  readonly title: string;
  readonly ms: number | null;
}

const PATIENCE_MS = 60_000;
/** A model of one's own may be slow. */
const MODEL_PATIENCE_MS = 180_000;
const LOOK_MS = 300;
const WORKER = 'See whether a worker runs (System, Processes) and what its log says.';

const ok = (sentence: string): StepResult => ({ state: 'ok', sentence, remedy: null });
const failed = (sentence: string, remedy: string): StepResult => ({ state: 'failed', sentence, remedy });
const notOffered = (sentence: string): StepResult => ({ state: 'not-offered', sentence, remedy: null });
const skipped = (sentence: string): StepResult => ({ state: 'skipped', sentence, remedy: null });

/** Tries for real, through the running product, what must work after a switch of the tier. Leaves nothing behind but prices. */
@Injectable()
export class TierVerifier {
  constructor(
    private readonly source: DataSource,
    private readonly cloud: CloudClient,
    private readonly jobs: JobQueue,
    private readonly trial: TrialImport,
    private readonly trialSync: TrialSync,
  ) {}

  /** All steps as they stand before the first one begins. */
  static planned(): Step[] {
    const step = (name: string, title: string): Step => {
      return { name, title, state: 'waiting', sentence: '', remedy: null, ms: null };
    };
    return [
      step('data-provider', 'The data-provider takes our key'),
      step('prices', 'Fresh prices'),
      step('import', 'An import through the worker'),
      step('sync', 'A sync of a wallet'),
      step('screenshot', 'A screenshot import'),
      step('mail', 'Mail'),
    ];
  }

  /** One after the other; `tell` hears of each change. Never throws: what breaks is the result of its step. */
  async run(userId: string, tell: (steps: readonly Step[]) => Promise<void>): Promise<Step[]> {
    const steps = TierVerifier.planned();
    let can: Capabilities | undefined;
    const look = async (name: string, work: () => Promise<StepResult> | StepResult): Promise<void> => {
      const at = steps.findIndex((one) => one.name === name);
      const before = steps[at];
      if (!before) return;
      const started = performance.now();
      steps[at] = { ...before, state: 'running', sentence: 'Being tried …' };
      await tell(steps);
      steps[at] = { ...before, ...(await settled(work)), ms: Math.round(performance.now() - started) };
      await tell(steps);
    };
    const needs = (work: (can: Capabilities) => Promise<StepResult> | StepResult) => () =>
      can ? work(can) : skipped('The data-provider cannot be used, so this could not be tried.');

    await look('data-provider', async () => {
      const answer = await this.cloud.capabilities();
      const level = levelOf(answer);
      if (level.state === 'ok') can = answer;
      return level;
    });
    await look(
      'prices',
      needs((answer) => this.prices(answer)),
    );
    await look('import', () => this.import(userId));
    await look(
      'sync',
      needs((answer) => this.sync(userId, answer)),
    );
    await look(
      'screenshot',
      needs((answer) => this.screenshot(userId, answer)),
    );
    await look('mail', needs(mail));
    return steps;
  }

  private async prices({ prices }: Capabilities): Promise<StepResult> {
    if (prices.length === 0)
      return failed('The data-provider has no source of prices.', 'Its operator configures one there.');
    const id = await this.jobs.ask(this.source, refreshPrices, {});
    const job = await this.untilDone(id);
    if (job.state !== 'completed') {
      const why = job.error ? `${job.error.detail} (${job.error.code})` : `it is still ${job.state}`;
      return failed(`The job for prices did not get through: ${why}.`, job.error ? CLOUD_REMEDIES.failing : WORKER);
    }
    const row = await rowOf<{ watched: number; priced: number; newest: Date | null; problem: string | null }>(
      this.source,
      `select count(*)::int as watched, count(*) filter (where problem is null)::int as priced, min(problem) as problem,
         (select max(at) from price where user_id is null and asset_id in (select asset_id from price_watch)) as newest
       from price_watch join asset on asset.id = asset_id
       where (asset.kind, asset.symbol) <> ('fiat', 'USD')`,
    );
    if (!row || row.watched === 0)
      return skipped('Nothing here has a price from outside yet, so none could be asked for.');
    if (row.priced === 0)
      return failed(`None of ${row.watched} assets has a price: ${row.problem ?? ''}.`, CLOUD_REMEDIES.failing);
    const newest = row.newest ? ` The newest is of ${minuteOf(row.newest)}.` : '';
    return ok(`The worker asked for prices: ${row.priced} of ${row.watched} assets have one.${newest}`);
  }

  private async untilDone(id: string): Promise<{ state: string; error: { code: string; detail: string } | null }> {
    for (const until = Date.now() + PATIENCE_MS; ; await pause(LOOK_MS)) {
      const row = await rowOf<{ state: string; waits: number; error: { code: string; detail: string } | null }>(
        this.source,
        'select state, waits, error from job where id = $1',
        [id],
      );
      // One that was told to come back later would be waited for in vain.
      const ended = row === undefined || ['completed', 'failed', 'cancelled'].includes(row.state) || row.error !== null;
      if (ended || Date.now() > until) return row ?? { state: 'cancelled', error: null };
    }
  }

  private async sync(userId: string, { chains }: Capabilities): Promise<StepResult> {
    if (chains.length === 0) return notOffered('Not offered by this data-provider: it reads no chains.');
    const wallet = await this.trialSync.walletOf(userId, chains);
    if (!wallet) {
      return skipped(
        `It reads ${chains.length} chains. You follow no wallet on one of them with which that could be tried.`,
      );
    }
    const end = await this.trialSync.run(userId, wallet, PATIENCE_MS);
    return 'problem' in end
      ? failed(`A wallet on ${wallet.chainName} was not read: ${sentenceOf(end.problem)}`, WORKER)
      : ok(`A worker read a wallet on ${wallet.chainName}, as it is at ${minuteOf(end.syncedAt)}.`);
  }

  private async screenshot(userId: string, { ai }: Capabilities): Promise<StepResult> {
    if (!ai.includes('screenshot')) return notOffered('Not offered by this data-provider: it reads no screenshots.');
    const accountId = await this.trial.accountOf(userId);
    if (accountId === undefined) return skipped('You have no account to which a screenshot could be imported.');
    const left = await this.trial.run(userId, accountId, MODEL_PATIENCE_MS, 'picture');
    if (left === undefined) return ok('A worker had a picture of one position read; it was discarded again.');
    const remedy = left.startsWith('failed') ? 'See the log of the data-provider, and AI_MODEL there.' : WORKER;
    return failed(`A picture of one position was not read: the import is ${left}`, remedy);
  }

  private async import(userId: string): Promise<StepResult> {
    const accountId = await this.trial.accountOf(userId);
    if (accountId === undefined) return skipped('You have no account to which a statement could be imported.');
    const left = await this.trial.run(userId, accountId, PATIENCE_MS);
    return left === undefined
      ? ok('A worker read a statement of one row; it was discarded again.')
      : failed(`A statement of one row was not read: the import is ${left}.`, WORKER);
  }
}

function levelOf({ version, levels }: Capabilities): StepResult {
  return levels.includes(CLOUD_LEVEL)
    ? ok(`It answers, takes our key, and is version ${version}.`)
    : failed(
        `It is version ${version} and speaks level ${levels.join(', ')}, this installation speaks level ${CLOUD_LEVEL}.`,
        CLOUD_REMEDIES.refused,
      );
}

const mail = ({ mail: sends }: Capabilities): StepResult =>
  sends
    ? ok('It says that it sends mail. Sign out and in again to see one.')
    : failed(
        'It sends no mail for our key, so nobody can sign in.',
        'Its operator sets SMTP_URL and SMTP_FROM there, and allows our key to send mail.',
      );

const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const sentenceOf = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('.') ? '' : '.'}`;

async function settled(work: () => Promise<StepResult> | StepResult): Promise<StepResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CloudError) return failed(sentenceOf(error.message), CLOUD_REMEDIES[cloudTroubleOf(error)]);
    const detail = (error as { detail?: unknown }).detail;
    return failed(
      typeof detail === 'string' ? detail : 'This broke for a reason of its own.',
      'See the log of the api, and System for what it stands on.',
    );
  }
}
