import type { CheckResult, ReadinessCheck } from '@scani/runtime';
import type { ObjectStore } from './object.store.js';

/** Without the store originals of uploads are not kept; everything else works. */
export class StorageCheck implements ReadinessCheck {
  readonly name = 'storage';
  readonly lossMeans = 'degraded';
  constructor(private readonly store: ObjectStore | null) {}

  async check(): Promise<CheckResult> {
    if (!this.store) return { state: 'ok', detail: 'there is none here: originals of uploads are not kept' };
    await this.store.ping();
    return { state: 'ok' };
  }
}
