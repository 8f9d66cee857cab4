import { Inject, Injectable, Logger } from '@nestjs/common';
import { KEY_PREFIX, REDIS, type RedisClient } from '@scani/jobs';
import { DIAGNOSTICS_SETTINGS, type DiagnosticsSettings } from '../diagnostics/diagnostics.controller.js';
import type { TierVerification } from './tier.dto.js';
import { type Step, TierVerifier } from './tier.verifier.js';

const KEY = `${KEY_PREFIX}:tier-verification`;
const KEPT_SECONDS = 86_400;
/** A step is done or given up well before that; who said nothing for so long has ended. */
const SILENT_MS = 120_000;

interface Kept {
  startedAt: string;
  finishedAt: string | null;
  toldAt: number;
  steps: readonly Step[];
}

/** Holds the one verification that there may be at a time where every api process sees it. */
@Injectable()
export class TierService {
  private readonly log = new Logger('Tier');

  constructor(
    private readonly verifier: TierVerifier,
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(DIAGNOSTICS_SETTINGS) private readonly settings: DiagnosticsSettings,
  ) {}

  async last(): Promise<TierVerification> {
    return this.shown(await this.read());
  }

  async start(userId: string): Promise<TierVerification> {
    const before = await this.read();
    if (before && stateOf(before) === 'running') return this.shown(before);
    const first: Kept = {
      startedAt: new Date().toISOString(),
      finishedAt: null,
      toldAt: Date.now(),
      steps: TierVerifier.planned(),
    };
    await this.keep(first);
    void this.run(userId, first).catch((error: unknown) => this.log.warn(`verification: ${String(error)}`));
    return this.shown(first);
  }

  private async run(userId: string, first: Kept): Promise<void> {
    const steps = await this.verifier.run(userId, (now) => this.keep({ ...first, toldAt: Date.now(), steps: now }));
    await this.keep({ ...first, toldAt: Date.now(), steps, finishedAt: new Date().toISOString() });
  }

  private async keep(kept: Kept): Promise<void> {
    await this.redis.set(KEY, JSON.stringify(kept), 'EX', KEPT_SECONDS);
  }

  private async read(): Promise<Kept | undefined> {
    const text = await this.redis.get(KEY);
    return text === null ? undefined : (JSON.parse(text) as Kept);
  }

  private shown(kept: Kept | undefined): TierVerification {
    const { tier, cloudUrl } = this.settings;
    return {
      state: kept ? stateOf(kept) : 'never',
      tier,
      cloudUrl,
      startedAt: kept?.startedAt ?? null,
      finishedAt: kept?.finishedAt ?? null,
      steps: [...(kept?.steps ?? TierVerifier.planned())],
    };
  }
}

function stateOf({ finishedAt, toldAt, steps }: Kept): TierVerification['state'] {
  if (finishedAt === null) return Date.now() - toldAt > SILENT_MS ? 'interrupted' : 'running';
  return steps.some(({ state }) => state === 'failed') ? 'failed' : 'passed';
}
