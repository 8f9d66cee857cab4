import { type Db, rowOf, rowsOf } from '@scani/database';
import { FRESH_VALUATION_MS } from '@scani/domain';
import type { HoldingRow } from '@scani/ledger';
import { type Day, dayOf, daysBetween } from '@scani/money';
import type { Extent } from './rollup.evidence.js';

/** Noted changes of a person's evidence, merged: from which day on each holding, and all of them, have to be looked at. */
export interface Changes {
  ids: string[];
  /** Null: from the beginning. */
  byHolding: Map<string, Day | null>;
  /** Undefined: nothing that touches all holdings. */
  all: Day | null | undefined;
}

export interface State {
  builtAt: number | null;
  builtFrom: Day | null;
  moneyAssets: string[];
}

/** A holding that has to be worked out from a day on. */
export interface Task {
  holding: HoldingRow;
  from: Day;
  rows: number;
}

/** Tasks that are read and worked out together. */
export interface Batch {
  from: Day;
  tasks: Task[];
}

const MOST_ROWS = 10_000;
const MOST_HOLDING_DAYS = 40_000;
/** A holding joins those that begin earlier unless it would be worked out over that many times its own days. */
const LONGER_AT_MOST = 4;
const SHORT_DAYS = 60;

/** What was noted so far. Rows that others are still about to commit are met the next time. */
export async function notedChanges(db: Db, userId: string): Promise<Changes> {
  const rows = await rowsOf<{ id: string; holding_id: string | null; from_day: Day | null }>(
    db,
    'select id, holding_id, from_day from evidence_change where user_id = $1 order by id',
    [userId],
  );
  const changes: Changes = { ids: rows.map((row) => row.id), byHolding: new Map(), all: undefined };
  for (const { holding_id: id, from_day: from } of rows) {
    if (id === null) changes.all = earlier(changes.all, from);
    else changes.byHolding.set(id, earlier(changes.byHolding.get(id), from));
  }
  return changes;
}

/** The other sides of transfers and corporate actions of these holdings: what they moved is told by these. */
export async function withCounterparts(db: Db, userId: string, changes: Changes): Promise<Changes> {
  const ids = [...changes.byHolding.keys()];
  if (ids.length === 0) return changes;
  const rows = await rowsOf<{ holding_id: string; from_day: Day }>(
    db,
    `select other.holding_id, (min(other.occurred_at) at time zone 'utc')::date as from_day
     from unnest($2::uuid[], $3::date[]) as given (holding_id, from_day)
     join transaction as one on one.holding_id = given.holding_id and one.user_id = $1
       and (given.from_day is null or one.occurred_at >= given.from_day::timestamp at time zone 'utc')
     join transaction as other on other.user_id = $1
       and (other.transfer_group_id = one.transfer_group_id or other.action_id = one.action_id)
     where one.transfer_group_id is not null or one.action_id is not null
     group by other.holding_id`,
    [userId, ids, ids.map((id) => changes.byHolding.get(id) ?? null)],
  );
  const byHolding = new Map(changes.byHolding);
  for (const row of rows) byHolding.set(row.holding_id, earlier(byHolding.get(row.holding_id), row.from_day));
  return { ...changes, byHolding };
}

export async function stateOf(db: Db, userId: string, base: string): Promise<State> {
  const row = await rowOf<{ built_at: Date | null; built_from: Day | null; money_assets: string[] }>(
    db,
    'select built_at, built_from, money_assets from rollup_state where user_id = $1 and base_currency = $2',
    [userId, base],
  );
  return {
    builtAt: row?.built_at?.getTime() ?? null,
    builtFrom: row?.built_from ?? null,
    moneyAssets: row?.money_assets ?? [],
  };
}

/** Whether what is stored can be followed on, or has to be built as if it were the first time. */
export const isFollowed = (state: State, first: Day, changes: Changes): boolean =>
  state.builtAt !== null && state.builtFrom === first && changes.all !== null;

/**
 * From which day on each holding is worked out. Besides what changed these are the days that look different as time
 * goes by: those that were not over, and those that took a glimpse of a price and may now prefer a close.
 */
export function tasksOf(
  held: readonly HoldingRow[],
  extents: readonly Extent[],
  first: Day,
  follow: { builtAt: number; changes: Changes; known: ReadonlySet<string> } | null,
): Task[] {
  const holdings = new Map(held.map((holding) => [holding.id, holding]));
  return extents.flatMap(({ holdingId, rows }): Task[] => {
    const holding = holdings.get(holdingId);
    if (!holding) return [];
    return [{ holding, rows, from: follow ? fromOf(holdingId, first, follow) : first }];
  });
}

function fromOf(
  holdingId: string,
  first: Day,
  { builtAt, changes, known }: { builtAt: number; changes: Changes; known: ReadonlySet<string> },
): Day {
  if (!known.has(holdingId)) return first;
  const own = changes.byHolding.get(holdingId);
  if (own === null) return first;
  let from = dayOf(new Date(builtAt - FRESH_VALUATION_MS));
  for (const day of [own, changes.all ?? undefined]) if (day !== undefined && day < from) from = day;
  return from < first ? first : from;
}

/** Bounded by the rows that are read and the days that are worked out, so that memory does not grow with either. */
export function batchesOf(tasks: readonly Task[], today: Day): Batch[] {
  const sorted = tasks.toSorted((one, other) => order(one, other));
  const batches: Batch[] = [];
  let [rows, days] = [0, 0];
  for (const task of sorted) {
    const batch = batches.at(-1);
    const length = batch ? daysBetween(batch.from, today) + 1 : 0;
    const own = daysBetween(task.from, today) + 1;
    const fits =
      batch !== undefined &&
      rows + task.rows <= MOST_ROWS &&
      days + length <= MOST_HOLDING_DAYS &&
      (length <= own * LONGER_AT_MOST || length <= SHORT_DAYS);
    if (fits) batch.tasks.push(task);
    else batches.push({ from: task.from, tasks: [task] });
    [rows, days] = fits ? [rows + task.rows, days + length] : [task.rows, own];
  }
  return batches;
}

function order(one: Task, other: Task): number {
  if (one.from !== other.from) return one.from < other.from ? -1 : 1;
  if (one.holding.asset.id !== other.holding.asset.id) return one.holding.asset.id < other.holding.asset.id ? -1 : 1;
  return one.holding.id < other.holding.id ? -1 : 1;
}

const earlier = (one: Day | null | undefined, other: Day | null): Day | null => {
  if (one === undefined) return other;
  if (one === null || other === null) return null;
  return one < other ? one : other;
};
