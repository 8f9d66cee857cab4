import { rowOf } from '@scani/database';
import type { DataSource } from 'typeorm';
import { dollars, micros } from './cost.js';
import type { Charge } from './issued-keys.js';
import type { Amount } from './quota.js';

/**
 * What each key used, per route and day (UTC), kept in Postgres. A request is one statement before its work and, only where
 * it fails, one after it; nothing is gathered in memory, so a killed process loses and doubles nothing.
 */
export class Usage {
  constructor(private readonly source: DataSource) {}

  async add({ key, operation, amount, at }: Charge): Promise<void> {
    await this.source.query(
      `insert into cloud_usage (key_id, day, route, requests, units, errors, cost, last_at)
       values ($1, $2, $3, 1, $4, 0, $5, $6)
       on conflict (key_id, day, route) do update set requests = cloud_usage.requests + 1,
         units = cloud_usage.units + excluded.units, cost = cloud_usage.cost + excluded.cost,
         last_at = greatest(cloud_usage.last_at, excluded.last_at)`,
      [key.id, dayText(at), operation, amount.units, dollars(amount.cost), at],
    );
  }

  async fail({ key, operation, amount, at }: Charge, takeBack: boolean): Promise<void> {
    const { units, cost } = takeBack ? amount : { units: 0, cost: 0 };
    await this.source.query(
      `update cloud_usage set errors = errors + 1, units = units - $4, cost = cost - $5::numeric
       where key_id = $1 and day = $2 and route = $3`,
      [key.id, dayText(at), operation, units, dollars(cost)],
    );
  }

  /** Of a month like 2026-01. */
  async ofMonth(keyId: string, month: string): Promise<Amount> {
    const row = await rowOf<{ units: string; cost: string }>(
      this.source,
      `select coalesce(sum(units), 0)::text as units, coalesce(sum(cost), 0)::text as cost from cloud_usage
       where key_id = $1 and day >= ($2 || '-01')::date and day < ($2 || '-01')::date + interval '1 month'`,
      [keyId, month],
    );
    return { units: Number(row?.units ?? 0), cost: micros(row?.cost ?? '0') };
  }
}

const dayText = (at: Date): string => at.toISOString().slice(0, 10);
