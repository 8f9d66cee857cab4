import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { decimal } from '@scani/money';
import { Invalid, type Page, pageOf, readCursor } from '@scani/runtime';
import { randomUUIDv7 } from 'node:crypto';
import { DataSource } from 'typeorm';
import { CorrectionsService } from '../corrections.service.js';
import { LedgerQueries } from '../ledger.queries.js';
import { LedgerService } from '../ledger.service.js';
import type { Observation } from './observations.dto.js';

interface ObservationRow {
  id: string;
  at: Date;
  balance: string;
  source: string;
  recorded_at: Date;
  retracted: boolean;
}

const COLUMNS = `observation.id, observation.at, observation.balance, observation.source, observation.recorded_at,
  exists (select 1 from observation as retraction where retraction.retracts_id = observation.id) as retracted`;

const FARTHEST_AHEAD_MS = 60_000;

/** What was seen. */
@Injectable()
export class ObservationsService {
  constructor(
    private readonly source: DataSource,
    private readonly queries: LedgerQueries,
    private readonly ledger: LedgerService,
    private readonly corrections: CorrectionsService,
  ) {}

  async list(userId: string, holdingId: string, limit: number, cursor: string | undefined): Promise<Page<Observation>> {
    await this.queries.requireHolding(this.source, userId, holdingId);
    const after = readCursor(cursor, 2);
    const rows = await rowsOf<ObservationRow>(
      this.source,
      `select ${COLUMNS} from observation
       where user_id = $1 and holding_id = $2 and retracts_id is null and ($3::timestamptz is null or (at, id) < ($3, $4::uuid))
       order by at desc, id desc limit $5`,
      [userId, holdingId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    return pageOf(rows, limit, shown, (row) => [row.at.toISOString(), row.id]);
  }

  async create(userId: string, holdingId: string, balance: string, at: string | undefined): Promise<Observation> {
    return this.source.transaction(async (db) => {
      const holding = await this.queries.requireHolding(db, userId, holdingId);
      return this.record(db, userId, holding.account_id, holding.asset_id, balance, at);
    });
  }

  /** Takes back a balance that was not so after all. */
  retract(userId: string, id: string): Promise<Observation> {
    return this.source.transaction(async (db) => {
      await this.corrections.retractOne(db, userId, id);
      const row = await rowOf<ObservationRow>(db, `select ${COLUMNS} from observation where id = $1 and user_id = $2`, [
        id,
        userId,
      ]);
      return shown(row as ObservationRow);
    });
  }

  /** "I have so much of this here": makes the holding when it is new. Joins the caller's transaction. */
  async record(
    db: Db,
    userId: string,
    accountId: string,
    assetId: string,
    balance: string,
    at: string | undefined,
  ): Promise<Observation & { holdingId: string }> {
    const instant = at === undefined ? new Date() : new Date(at);
    if (instant.getTime() > Date.now() + FARTHEST_AHEAD_MS) {
      throw new Invalid('in-future', 'A balance can only be seen once it is there.', [
        { pointer: '/at', detail: 'must not be later than now' },
      ]);
    }
    const externalId = randomUUIDv7();
    const { holdingIds } = await this.ledger.record(db, {
      userId,
      accountId,
      source: 'user',
      transactions: [],
      observations: [{ assetId, balance: decimal(balance), at: instant, externalId }],
    });
    const row = await rowOf<ObservationRow>(
      db,
      `select ${COLUMNS} from observation
       where holding_id = $1 and source = 'user' and external_id = $2`,
      [holdingIds[0], externalId],
    );
    return { ...shown(row as ObservationRow), holdingId: holdingIds[0] as string };
  }
}

const shown = (row: ObservationRow): Observation => ({
  id: row.id,
  at: row.at.toISOString(),
  balance: row.balance,
  source: row.source,
  recordedAt: row.recorded_at.toISOString(),
  retracted: row.retracted,
});
