import { Injectable } from '@nestjs/common';
import { type CloudScope, newKey } from '@scani/cloud';
import { rowOf, rowsOf } from '@scani/database';
import { addDays, dayOf } from '@scani/money';
import { Invalid, NotFound } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import type {
  CloudKey,
  CloudKeyList,
  CloudUsage,
  CreateCloudKey,
  NewCloudKey,
  UpdateCloudKey,
} from './cloud-keys.dto.js';
import { PLAN_NAMES, PLANS } from './plans.js';

interface KeyRow {
  id: string;
  handle: string;
  name: string;
  scopes: CloudScope[];
  plan: string;
  hourly_quota: number;
  monthly_quota: number;
  cost_ceiling: string | null;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_at: Date | null;
  requests: number;
  units: number;
  errors: number;
  cost: string;
}

const KEYS = `select cloud_key.*, used.last_at, this_month.requests, this_month.units, this_month.errors, this_month.cost
  from cloud_key
  cross join lateral (select max(last_at) as last_at from cloud_usage where key_id = cloud_key.id) as used
  cross join lateral (
    select coalesce(sum(requests), 0)::float8 as requests, coalesce(sum(units), 0)::float8 as units,
      coalesce(sum(errors), 0)::float8 as errors, trim_scale(coalesce(sum(cost), 0))::text as cost
    from cloud_usage where key_id = cloud_key.id and day >= date_trunc('month', now() at time zone 'UTC')) as this_month`;

/** The keys that this installation's data-provider issues to others. */
@Injectable()
export class CloudKeysService {
  constructor(private readonly source: DataSource) {}

  async list(): Promise<CloudKeyList> {
    const rows = await rowsOf<KeyRow>(this.source, `${KEYS} order by created_at desc, id desc limit 1000`);
    return { items: rows.map(shown), plans: PLAN_NAMES.map((name) => ({ name, ...PLANS[name] })) };
  }

  /** The key itself is in this answer and nowhere else. */
  async issue(by: string, wanted: CreateCloudKey): Promise<NewCloudKey> {
    const plan = PLANS[wanted.plan];
    const { text, handle, hash } = newKey();
    const id = randomUUIDv7();
    // In a transaction, so that an Idempotency-Key is used up with it.
    await this.source.transaction((db) =>
      db.query(
        `insert into cloud_key (id, handle, secret_hash, name, scopes, plan, hourly_quota, monthly_quota, cost_ceiling,
           expires_at, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          id,
          handle,
          hash,
          wanted.name,
          wanted.scopes,
          wanted.plan,
          wanted.hourlyQuota ?? plan.hourlyQuota,
          wanted.monthlyQuota ?? plan.monthlyQuota,
          wanted.costCeiling === undefined ? plan.costCeiling : wanted.costCeiling,
          laterThanNow(wanted.expiresAt ?? null),
          by,
        ],
      ),
    );
    return { key: await this.one(id), secret: text };
  }

  /** A new plan brings its quotas, unless others are said. */
  async change(id: string, wanted: UpdateCloudKey): Promise<CloudKey> {
    const plan = wanted.plan ? PLANS[wanted.plan] : undefined;
    const changes: Record<string, unknown> = {
      name: wanted.name ?? undefined,
      scopes: wanted.scopes ?? undefined,
      plan: wanted.plan ?? undefined,
      hourly_quota: wanted.hourlyQuota ?? plan?.hourlyQuota,
      monthly_quota: wanted.monthlyQuota ?? plan?.monthlyQuota,
      cost_ceiling: wanted.costCeiling === undefined ? plan?.costCeiling : wanted.costCeiling,
      expires_at: wanted.expiresAt === undefined ? undefined : laterThanNow(wanted.expiresAt),
    };
    const said = Object.entries(changes).filter(([, value]) => value !== undefined);
    if (said.length > 0) {
      await this.source.query(
        `update cloud_key set ${said.map(([column], at) => `${column} = $${at + 2}`).join(', ')} where id = $1`,
        [id, ...said.map(([, value]) => value)],
      );
    }
    return this.one(id);
  }

  /** For good. The next request with it is refused, on every process of the data-provider. */
  async revoke(id: string): Promise<CloudKey> {
    await this.source.query('update cloud_key set revoked_at = coalesce(revoked_at, now()) where id = $1', [id]);
    return this.one(id);
  }

  /** Per day and route, of the last so many days (UTC), today among them. */
  async usage(id: string, days: number): Promise<CloudUsage> {
    await this.one(id);
    const to = dayOf(new Date());
    const from = addDays(to, 1 - days);
    const rows = await rowsOf<CloudUsage['items'][number]>(
      this.source,
      `select day::text, route, requests::float8, units::float8, errors::float8, trim_scale(cost)::text as cost
       from cloud_usage where key_id = $1 and day between $2 and $3 order by day desc, route`,
      [id, from, to],
    );
    return { from, to, items: rows };
  }

  private async one(id: string): Promise<CloudKey> {
    const row = await rowOf<KeyRow>(this.source, `${KEYS} where id = $1`, [id]);
    if (!row) throw new NotFound('cloud-key-not-found', 'There is no such key.');
    return shown(row);
  }
}

function laterThanNow(instant: string | null): Date | null {
  if (instant === null) return null;
  const at = new Date(instant);
  if (at <= new Date()) {
    throw new Invalid('bad-expiry', 'A key must expire later than now.', [
      { pointer: '/expiresAt', detail: 'must be in the future' },
    ]);
  }
  return at;
}

function shown(row: KeyRow): CloudKey {
  const expired = row.expires_at !== null && row.expires_at <= new Date();
  return {
    id: row.id,
    name: row.name,
    begins: `scani_sk_${row.handle}_…`,
    scopes: row.scopes,
    plan: row.plan,
    hourlyQuota: row.hourly_quota,
    monthlyQuota: row.monthly_quota,
    costCeiling: row.cost_ceiling,
    state: row.revoked_at ? 'revoked' : expired ? 'expired' : 'active',
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_at?.toISOString() ?? null,
    month: { requests: row.requests, units: row.units, errors: row.errors, cost: row.cost },
  };
}
