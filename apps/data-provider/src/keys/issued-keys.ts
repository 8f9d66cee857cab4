import { type CloudScope, handleOf, hasHash } from '@scani/cloud';
import { rowOf } from '@scani/database';
import { Forbidden, Refusal, SignedOut, TooMany } from '@scani/runtime';
import type { DataSource } from 'typeorm';
import { dollars, micros } from './cost.js';
import { type Amount, type Limit, type Limits, nextHour, nextMonth, Quota, type Verdict } from './quota.js';
import { type Operation, type Tariff, TARIFF } from './tariff.js';
import { Usage } from './usage.js';

export interface IssuedKey {
  readonly id: string;
  readonly name: string;
  readonly plan: string;
  readonly scopes: readonly string[];
  readonly limits: Limits;
  readonly expiresAt: Date | null;
}

interface KeyRow {
  id: string;
  secret_hash: Buffer;
  name: string;
  plan: string;
  scopes: string[];
  hourly_quota: number;
  monthly_quota: number;
  cost_ceiling: string | null;
  expires_at: Date | null;
  revoked_at: Date | null;
}

/** What was taken for one request, until it is answered. */
export interface Charge {
  readonly key: IssuedKey;
  readonly operation: Operation;
  readonly amount: Amount;
  readonly at: Date;
}

/** Over what the key may cost in a month; another request helps only once that is over, or the ceiling is raised. */
export class CostCeilingReached extends Refusal {
  readonly status = 402;
  readonly title = 'Cost ceiling reached';
  constructor(
    detail: string,
    readonly retryAfterSeconds: number,
  ) {
    super('over-cost-ceiling', detail, { retryAfterSeconds });
  }
}

/** The keys that were issued to other installations. Each request reads its key's row, so a change is felt by the next one. */
export class IssuedKeys {
  private readonly quota: Quota;
  private readonly usage: Usage;

  constructor(
    private readonly source: DataSource,
    redis: ConstructorParameters<typeof Quota>[0],
    private readonly now: () => Date,
  ) {
    this.usage = new Usage(source);
    this.quota = new Quota(redis, (keyId, month) => this.usage.ofMonth(keyId, month));
  }

  /** The key, where it is one that was issued and may still be used. */
  async open(text: string): Promise<IssuedKey | undefined> {
    const handle = handleOf(text);
    if (handle === undefined) return undefined;
    const row = await rowOf<KeyRow>(
      this.source,
      `select id, secret_hash, name, plan, scopes, hourly_quota, monthly_quota, cost_ceiling, expires_at, revoked_at
       from cloud_key where handle = $1`,
      [handle],
    );
    if (!hasHash(text, row?.secret_hash) || !row) return undefined;
    if (row.revoked_at) {
      throw new SignedOut(
        'key-revoked',
        `This key was revoked at ${row.revoked_at.toISOString()}. Ask those who run this data-provider for another.`,
      );
    }
    if (row.expires_at && row.expires_at <= this.now()) {
      throw new SignedOut(
        'key-expired',
        `This key expired at ${row.expires_at.toISOString()}. Ask those who run this data-provider for another.`,
      );
    }
    return keyOf(row);
  }

  /** Takes what the request costs, or refuses it. It is written down before the work begins, so that a killed process forgets nothing. */
  async charge(key: IssuedKey, operation: Operation, body: unknown): Promise<Charge> {
    const tariff: Tariff = TARIFF[operation];
    const units = tariff.units(body);
    const amount = { units, cost: units * tariff.unitCost };
    const at = this.now();
    const verdict = await this.quota.admit(key.id, key.limits, amount, at);
    if (verdict.over) throw overLimit(key, verdict.over, verdict, amount, at);
    const charge = { key, operation, amount, at };
    try {
      await this.usage.add(charge);
    } catch (error) {
      await this.quota.giveBack(key.id, amount, at);
      throw error;
    }
    return charge;
  }

  /** A request that failed: what the caller got wrong stays charged, what we could not do is given back. */
  async failed(charge: Charge, byUs: boolean): Promise<void> {
    await this.usage.fail(charge, byUs);
    if (byUs) await this.quota.giveBack(charge.key.id, charge.amount, charge.at);
  }

  /** How much of its limits the key has used, without using any. */
  async stateOf(key: IssuedKey): Promise<KeyStateFacts> {
    const at = this.now();
    const { used } = await this.quota.admit(key.id, key.limits, { units: 0, cost: 0 }, at);
    const { hourlyQuota, monthlyQuota, costCeiling } = key.limits;
    return {
      name: key.name,
      plan: key.plan,
      scopes: [...key.scopes],
      expiresAt: key.expiresAt?.toISOString() ?? null,
      hour: { quota: hourlyQuota, used: used.hour, resetsAt: nextHour(at).toISOString() },
      month: { quota: monthlyQuota, used: used.month, resetsAt: nextMonth(at).toISOString() },
      cost: { ceiling: costCeiling === null ? null : dollars(costCeiling), used: dollars(used.cost) },
    };
  }
}

interface LimitFacts {
  quota: number;
  used: number;
  resetsAt: string;
}
export interface KeyStateFacts {
  name: string;
  plan: string;
  scopes: string[];
  expiresAt: string | null;
  hour: LimitFacts;
  month: LimitFacts;
  cost: { ceiling: string | null; used: string };
}

/** Refuses what the key was not issued for. */
export function checkScope(key: IssuedKey, scope: CloudScope | null): void {
  if (scope === null || key.scopes.includes(scope)) return;
  throw new Forbidden('key-scope', `This key may not be used for ${scope}, only for ${key.scopes.join(', ')}.`, {
    scope,
  });
}

function keyOf(row: KeyRow): IssuedKey {
  return {
    id: row.id,
    name: row.name,
    plan: row.plan,
    scopes: row.scopes,
    limits: {
      hourlyQuota: row.hourly_quota,
      monthlyQuota: row.monthly_quota,
      costCeiling: row.cost_ceiling === null ? null : micros(row.cost_ceiling),
    },
    expiresAt: row.expires_at,
  };
}

function overLimit(key: IssuedKey, over: Limit, { used }: Verdict, { units }: Amount, at: Date): Refusal {
  const until = over === 'hour' ? nextHour(at) : nextMonth(at);
  const wait = Math.ceil((until.getTime() - at.getTime()) / 1_000);
  const { hourlyQuota, monthlyQuota, costCeiling } = key.limits;
  const asked = `this request asks for ${units}; again from ${until.toISOString()} on`;
  if (over === 'cost') {
    return new CostCeilingReached(
      `This key may cost ${dollars(costCeiling ?? 0)} US dollars a month and has cost ${dollars(used.cost)}; again from ${until.toISOString()} on, or when its ceiling is raised.`,
      wait,
    );
  }
  return over === 'month'
    ? new TooMany(
        'over-monthly-quota',
        `This key has used ${used.month} of its ${monthlyQuota} units of this month, and ${asked}.`,
        wait,
      )
    : new TooMany(
        'over-hourly-quota',
        `This key has used ${used.hour} of its ${hourlyQuota} units of this hour, and ${asked}.`,
        wait,
      );
}
