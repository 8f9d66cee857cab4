import { Inject, Injectable } from '@nestjs/common';
import { rowsOf } from '@scani/database';
import { decimal, decimalText } from '@scani/money';
import { logHash, type Page, pageOf, readCursor } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { DIAGNOSTICS_SETTINGS, type DiagnosticsSettings } from '../diagnostics/diagnostics.controller.js';
import type { Egress, EgressDestination, EgressQuery, EgressSummary, EgressTotals } from './egress.dto.js';

/** `all` calls; or those that were made for a person, and those that were made for `everybody`. */
export type EgressScope = 'all' | { readonly userId: string };

interface CallRow {
  id: string;
  at: Date;
  process: string;
  host: string;
  purpose: string;
  status: number | null;
  sent_bytes: string;
  received_bytes: string;
  ms: number;
  user_id: string | null;
  key: string | null;
  cost: string | null;
}

interface DestinationRow {
  process: string;
  host: string;
  purpose: string;
  mine: boolean;
  calls: number;
  failed: number;
  sent_bytes: string;
  received_bytes: string;
  cost: string | null;
  last_at: Date;
}

const MOST_DESTINATIONS = 500;
/** Neither a customer's with an issued key, nor one that leads where somebody pointed: a host of those says what they look at. */
const EVERYBODYS = `user_id is null and key is null and purpose <> 'previews'`;

/** What left, for those who may know. */
@Injectable()
export class EgressQueries {
  constructor(
    private readonly source: DataSource,
    @Inject(DIAGNOSTICS_SETTINGS) private readonly settings: DiagnosticsSettings,
  ) {}

  async summary(scope: EgressScope, days: number): Promise<EgressSummary> {
    const since = new Date(Date.now() - days * 86_400_000);
    const rows = await rowsOf<DestinationRow>(
      this.source,
      `select process, host, purpose, user_id is not distinct from $2 and user_id is not null as mine, count(*)::int as calls,
         count(*) filter (where status is null or status >= 400)::int as failed, sum(sent_bytes)::text as sent_bytes,
         sum(received_bytes)::text as received_bytes, sum(cost)::text as cost, max(at) as last_at
       from egress where at >= $1 and ($2::uuid is null or user_id = $2 or (${EVERYBODYS}))
       group by 1, 2, 3, 4 order by calls desc, host, purpose, process limit ${MOST_DESTINATIONS}`,
      [since, userOf(scope)],
    );
    const items = rows.map((row) => ({ ...destinationOf(row), own: this.isOwn(row) }));
    return { since: since.toISOString(), totals: totalsOf(items.filter(({ own }) => !own)), items };
  }

  /** Newest first. */
  async list(scope: EgressScope, query: EgressQuery): Promise<Page<Egress>> {
    const after = readCursor(query.cursor, 2);
    const rows = await rowsOf<CallRow>(
      this.source,
      `select * from egress
       where ($1::uuid is null or user_id = $1 or (${EVERYBODYS})) and ($2::text is null or host = $2)
         and ($3::text is null or purpose = $3) and ($4::text is null or process = $4)
         and ($5::timestamptz is null or (at, id) < ($5, $6))
       order by at desc, id desc limit $7`,
      [
        userOf(scope),
        query.host ?? null,
        query.purpose ?? null,
        query.process ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        query.limit + 1,
      ],
    );
    return pageOf(
      rows,
      query.limit,
      (row) => this.callOf(row),
      (row) => [row.at.toISOString(), row.id],
    );
  }

  /** An own data-provider is where the others say that the cloud is; what it asks itself does leave. */
  private isOwn({ process, host }: { process: string; host: string }): boolean {
    const { tier, cloudUrl } = this.settings;
    return tier === 'tier1' && process !== 'data-provider' && host === new URL(cloudUrl).host;
  }

  private callOf({ user_id, key, sent_bytes, received_bytes, at, ...row }: CallRow): Egress {
    const person = user_id === null ? null : `id:${logHash(this.settings.pepper, user_id)}`;
    return {
      ...row,
      own: this.isOwn(row),
      at: at.toISOString(),
      sentBytes: Number(sent_bytes),
      receivedBytes: Number(received_bytes),
      whom: person ?? (key === null ? null : `key:${key}`),
    };
  }
}

const userOf = (scope: EgressScope): string | null => (scope === 'all' ? null : scope.userId);

const destinationOf = ({
  sent_bytes,
  received_bytes,
  last_at,
  ...row
}: DestinationRow): Omit<EgressDestination, 'own'> => ({
  ...row,
  sentBytes: Number(sent_bytes),
  receivedBytes: Number(received_bytes),
  lastAt: last_at.toISOString(),
});

function totalsOf(items: readonly EgressDestination[]): EgressTotals {
  const sum = (of: (item: EgressDestination) => number): number => items.reduce((all, item) => all + of(item), 0);
  const costs = items.flatMap(({ cost }) => cost ?? []);
  return {
    calls: sum(({ calls }) => calls),
    failed: sum(({ failed }) => failed),
    sentBytes: sum(({ sentBytes }) => sentBytes),
    receivedBytes: sum(({ receivedBytes }) => receivedBytes),
    cost: costs.length === 0 ? null : decimalText(costs.reduce((all, cost) => all.plus(cost), decimal('0'))),
  };
}
