import { Inject, Injectable } from '@nestjs/common';
import { rowOf, rowsOf } from '@scani/database';
import { logHash, type Page, pageOf, readCursor } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { DIAGNOSTICS_SETTINGS, type DiagnosticsSettings } from '../diagnostics/diagnostics.controller.js';
import type { Egress, EgressQuery, EgressSummary, EgressTotals } from './egress.dto.js';

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

interface SumsRow {
  calls: number;
  failed: number;
  sent_bytes: string;
  received_bytes: string;
  cost: string | null;
}

interface DestinationRow extends SumsRow {
  process: string;
  host: string;
  purpose: string;
  mine: boolean;
  last_at: Date;
}

const MOST_DESTINATIONS = 500;
/** Neither a customer's with an issued key, nor one that leads where somebody pointed: a host of those says what they look at. */
const EVERYBODYS = `user_id is null and key is null and purpose <> 'previews'`;
const SEEN_SINCE = `at >= $1 and ($2::uuid is null or user_id = $2 or (${EVERYBODYS}))`;
const SUMS = `count(*)::int as calls, count(*) filter (where status is null or status >= 400)::int as failed,
  coalesce(sum(sent_bytes), 0)::text as sent_bytes, coalesce(sum(received_bytes), 0)::text as received_bytes,
  trim_scale(sum(cost))::text as cost`;

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
      `select process, host, purpose, user_id is not distinct from $2 and user_id is not null as mine, max(at) as last_at, ${SUMS}
       from egress where ${SEEN_SINCE} group by 1, 2, 3, 4 order by calls desc, host, purpose, process limit ${MOST_DESTINATIONS}`,
      [since, userOf(scope)],
    );
    const totals = await rowOf<SumsRow>(
      this.source,
      `select ${SUMS} from egress where ${SEEN_SINCE} and (process = 'data-provider' or $3::text is null or host <> $3)`,
      [since, userOf(scope), this.ownHost],
    );
    return {
      since: since.toISOString(),
      totals: sumsOf(totals as SumsRow),
      items: rows.map(({ process, host, purpose, mine, last_at, ...sums }) => ({
        process,
        host,
        purpose,
        mine,
        own: this.isOwn({ process, host }),
        lastAt: last_at.toISOString(),
        ...sumsOf(sums),
      })),
    };
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

  /** An own data-provider is where the others say that the cloud is; what it asks itself does leave. Null where there is none. */
  private get ownHost(): string | null {
    const { tier, cloudUrl } = this.settings;
    return tier === 'tier1' ? new URL(cloudUrl).host : null;
  }

  private isOwn({ process, host }: { process: string; host: string }): boolean {
    return process !== 'data-provider' && host === this.ownHost;
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

const sumsOf = ({ sent_bytes, received_bytes, ...row }: SumsRow): EgressTotals => ({
  ...row,
  sentBytes: Number(sent_bytes),
  receivedBytes: Number(received_bytes),
});
