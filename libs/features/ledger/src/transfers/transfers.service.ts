import { Injectable } from '@nestjs/common';
import { type Db, rowOf, rowsOf } from '@scani/database';
import { LONE_VERDICTS, type TransactionKind, TRANSFER_KINDS } from '@scani/domain';
import { JobQueue } from '@scani/jobs';
import { Conflict, Invalid, NotFound } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { EFFECTIVE_TRANSACTION } from '../effective.js';
import { linkTransfers } from './link-transfers.job.js';
import { dissolveLinks, makeLinks, type NewLink } from './transfer.links.js';
import { type DecidedSide, requirePair, requireSplit } from './transfer.verdicts.js';
import type { DecideTransfer, Transfer } from './transfers.dto.js';
import { TransfersQueries } from './transfers.queries.js';

/** A verdict leaves others without a candidate, or with one; shortly after the last of several it is looked again. */
const LOOK_AGAIN_MS = 2_000;

interface EntryRow {
  id: string;
  holding_id: string;
  asset_id: string;
  coingecko_id: string | null;
  kind: TransactionKind;
  quantity: string;
  effective: boolean;
}

/** What people say of transfers. */
@Injectable()
export class TransfersService {
  constructor(
    private readonly source: DataSource,
    private readonly queries: TransfersQueries,
    private readonly jobs: JobQueue,
  ) {}

  /** Asks for a look for transfers; one that waits already is the same. Returns the job's id. */
  async search(db: Db, userId: string, delayMs = 0): Promise<string> {
    return this.jobs.ask(db, linkTransfers, { userId }, { userId, delayMs });
  }

  /**
   * Says what entries are. Either all of it is written or nothing: throws NotFound, Invalid where the entries cannot be
   * that, and Conflict where somebody (the search, a rule, another window) has decided one of them in the meantime.
   * What a rule has decided may be decided otherwise.
   */
  async decide(userId: string, { verdict, transactionIds }: DecideTransfer): Promise<Transfer[]> {
    const ids = [...new Set(transactionIds)];
    return this.source.transaction(async (db) => {
      const sides = await this.sidesOf(db, userId, ids);
      const wanted = linksOf(verdict, sides);
      await this.takeFromRules(db, userId, ids);
      const made = await makeLinks(db, this.jobs, userId, wanted);
      if (made.length < wanted.length) throw await this.decidedAlready(db, userId, ids);
      await db.query('delete from transfer_refusal where user_id = $1 and out_id = any($2) and in_id = any($2)', [
        userId,
        verdict === 'paired' ? ids : [],
      ]);
      await this.search(db, userId, LOOK_AGAIN_MS);
      return this.queries.transfers(
        db,
        userId,
        made.map((link) => link.id),
      );
    });
  }

  /** Takes a decision back. The two of a pair are not put together again without a person. */
  async remove(userId: string, id: string): Promise<void> {
    await this.source.transaction(async (db) => {
      const group = await rowOf<{ verdict: string; decided_by: string }>(
        db,
        'select verdict, decided_by from transfer_group where id = $1 and user_id = $2 for update',
        [id, userId],
      );
      if (!group) throw new NotFound('transfer-not-found', 'There is no such transfer; it may be taken apart already.');
      if (group.decided_by === 'rule') {
        throw new Conflict('decided-by-rule', 'A rule decides this. Decide it otherwise, or delete the rule.');
      }
      if (group.verdict === 'paired') {
        await db.query(
          `insert into transfer_refusal (user_id, out_id, in_id)
           select $1, outflow.id, inflow.id from transaction as outflow
           join transaction as inflow on inflow.transfer_group_id = outflow.transfer_group_id and inflow.quantity > 0
           where outflow.user_id = $1 and outflow.transfer_group_id = $2 and outflow.quantity < 0
           on conflict do nothing`,
          [userId, id],
        );
      }
      await dissolveLinks(db, this.jobs, userId, [id]);
      await this.search(db, userId);
    });
  }

  private async sidesOf(db: Db, userId: string, ids: readonly string[]): Promise<DecidedSide[]> {
    const rows = await rowsOf<EntryRow>(
      db,
      `select transaction.id, transaction.holding_id, holding.asset_id, transaction.kind, transaction.quantity,
         asset_identity.external_id as coingecko_id, ${EFFECTIVE_TRANSACTION} as effective
       from transaction join holding on holding.id = transaction.holding_id
       left join asset_identity on asset_identity.asset_id = holding.asset_id and asset_identity.provider = 'coingecko'
       where transaction.user_id = $1 and transaction.id = any($2) order by transaction.id`,
      [userId, ids],
    );
    if (rows.length < ids.length) throw new NotFound('transaction-not-found', 'There is no such transaction of yours.');
    const other = rows.find(
      (row) => !(TRANSFER_KINDS as readonly string[]).includes(row.kind) || !/[1-9]/.test(row.quantity),
    );
    if (other) {
      throw new Invalid('not-a-transfer', 'Only deposits, withdrawals and transfers can be part of a transfer.', [
        { pointer: '/transactionIds', detail: `${other.id} is a ${other.kind}` },
      ]);
    }
    if (rows.some((row) => !row.effective)) {
      throw new Conflict('taken-back', 'One of these entries has been taken back, so it moves nothing.');
    }
    return rows.map((row) => ({
      id: row.id,
      holdingId: row.holding_id,
      assetId: row.asset_id,
      coingeckoId: row.coingecko_id,
      quantity: row.quantity,
    }));
  }

  private async takeFromRules(db: Db, userId: string, ids: readonly string[]): Promise<void> {
    const groups = await rowsOf<{ id: string }>(
      db,
      `select transfer_group.id from transaction join transfer_group on transfer_group.id = transaction.transfer_group_id
       where transaction.user_id = $1 and transaction.id = any($2) and transfer_group.decided_by = 'rule'`,
      [userId, ids],
    );
    await dissolveLinks(
      db,
      this.jobs,
      userId,
      groups.map((group) => group.id),
    );
  }

  private async decidedAlready(db: Db, userId: string, ids: readonly string[]): Promise<Conflict> {
    const row = await rowOf<{ decided_by: string; id: string }>(
      db,
      `select transfer_group.decided_by, transaction.id from transaction
       join transfer_group on transfer_group.id = transaction.transfer_group_id
       where transaction.user_id = $1 and transaction.id = any($2) order by transaction.id limit 1`,
      [userId, ids],
    );
    const who = { match: 'The search for transfers', rule: 'A rule', user: 'You (perhaps in another window)' };
    const by = who[row?.decided_by as keyof typeof who] ?? 'Somebody';
    return new Conflict(
      'decided-already',
      `${by} decided one of these entries already. Take that apart first if it is wrong.`,
      row ? { transactionId: row.id } : {},
    );
  }
}

function linksOf(verdict: DecideTransfer['verdict'], sides: readonly DecidedSide[]): NewLink[] {
  const by = { decidedBy: 'user' as const, ruleId: null };
  if (verdict === 'paired') return [{ ...by, verdict, transactionIds: requirePair(sides) }];
  if (verdict === 'split') return [{ ...by, verdict, transactionIds: requireSplit(sides) }];
  const lone = LONE_VERDICTS.find((one) => one === verdict) as NewLink['verdict'];
  return sides.map((side) => ({ ...by, verdict: lone, transactionIds: [side.id] }));
}
