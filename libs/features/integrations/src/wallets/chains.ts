import { Injectable } from '@nestjs/common';
import { type Chain, CloudClient, CloudError } from '@scani/cloud';
import { Unavailable } from '@scani/runtime';

const KEPT_MS = 60_000;
const PATIENCE_MS = 12_000;

/** The chains that the data-provider knows, remembered for a minute: a form asks for them at every key. */
@Injectable()
export class Chains {
  private known: { chains: readonly Chain[]; until: number } | undefined;

  constructor(private readonly cloud: CloudClient) {}

  /** By name. Throws Unavailable where the data-provider cannot be asked. */
  async list(): Promise<readonly Chain[]> {
    if (this.known && this.known.until > Date.now()) return this.known.chains;
    const told = await this.cloud.chains(AbortSignal.timeout(PATIENCE_MS)).catch((error: unknown) => {
      if (!(error instanceof CloudError)) throw error;
      throw new Unavailable(
        'chains-unavailable',
        'Chains cannot be read right now, so no wallet can be added. Try again in a minute.',
        60,
      );
    });
    const chains = [...told].sort((one, other) => one.name.localeCompare(other.name, 'en'));
    this.known = { chains, until: Date.now() + KEPT_MS };
    return chains;
  }
}
