import { createHash } from 'node:crypto';

/** What decides whether two rows of statements tell of the same event. */
export interface MatchableRow {
  currency: string;
  /** ISO instant. */
  occurredAt: string;
  /** The instant stands for its UTC day. */
  dayOnly: boolean;
  /** Signed, plain decimal notation without trailing zeros. */
  quantity: string;
  description: string;
  /** Running balance, in the same notation. */
  balance: string | null;
  /** The source's own id. */
  id: string | null;
  /** A model wrote the description: read again, the same row may have other words. */
  wordsVary?: boolean;
}

/** A row that the ledger has from a statement. */
export interface KnownRow extends MatchableRow {
  externalId: string;
}

export interface Match {
  state: 'new' | 'known';
  /** Of the known row, or the one under which the new row is to be recorded. */
  externalId: string;
  /** What could not be decided, for the person who reviews. */
  doubt: string | null;
}

/** First and last day for which the ledger has rows of statements. */
export interface Span {
  from: string;
  to: string;
}

/**
 * Which rows of a file are known already. Rows that both have ids are the same when id, day and amount are. All others
 * are compared as multisets: the same instant (or day, where one side has only a day), amount and description, and the
 * same running balance where both have one; so each known row answers for one row of the file, and of two identical rows
 * the second stays a second. External ids follow from the rows alone, so that the same rows always get the same ids. Known rows with an id in
 * `spent` have answered for other rows of the same file before.
 */
export function match(
  rows: readonly MatchableRow[],
  known: readonly KnownRow[],
  span: Span | null,
  spent: ReadonlySet<string> = new Set(),
): Match[] {
  const pool = new Pool(known.filter((row) => !spent.has(row.externalId)));
  const answers: (KnownRow | undefined)[] = rows.map(() => undefined);
  const otherWords = new Set<number>();
  for (const strength of STRENGTHS) {
    rows.forEach((row, index) => {
      if (answers[index]) return;
      answers[index] = pool.take(row, strength);
      if (answers[index] && strength.by === 'amount') otherWords.add(index);
    });
  }
  const doubts = doubtsOf(rows, answers, pool, span);
  const taken = new Set(known.map((row) => row.externalId));
  return rows.map((row, index) => {
    const answer = answers[index];
    if (answer) {
      const doubt = otherWords.has(index) ? OTHER_WORDS : doubts.has(index) ? DOUBT : null;
      return { state: 'known', externalId: answer.externalId, doubt };
    }
    const externalId = firstFree(keyHash(row), taken);
    taken.add(externalId);
    return { state: 'new', externalId, doubt: null };
  });
}

const DOUBT =
  'Taken for the entry that is recorded already. The statements meet within this day and have no times, so this could ' +
  'also be a second one just like it. If it is, add it by hand.';

const OTHER_WORDS =
  'Taken for the entry of the same day and amount that is recorded already, though its words are others. If it is another ' +
  'one, add it by hand.';

type Compare = (row: MatchableRow, known: KnownRow) => boolean;

const sameMoment: Compare = (row, known) => row.dayOnly === known.dayOnly && row.occurredAt === known.occurredAt;
const maybeSameMoment: Compare = (row, known) => row.dayOnly || known.dayOnly || row.occurredAt === known.occurredAt;
const noTwoIds: Compare = (row, known) => row.id === null || known.id === null;
const mayBalance: Compare = (row, known) =>
  row.balance === null || known.balance === null || row.balance === known.balance;

/** From sure to weak, so that a sure pair is never broken by a weak one. All compare rows of one day and amount, and of one description or id except where a model wrote the description. */
const STRENGTHS: readonly { by: 'id' | 'text' | 'amount'; same: Compare }[] = [
  { by: 'id', same: () => true },
  { by: 'text', same: (row, known) => noTwoIds(row, known) && sameMoment(row, known) && row.balance === known.balance },
  { by: 'text', same: (row, known) => noTwoIds(row, known) && sameMoment(row, known) && mayBalance(row, known) },
  { by: 'text', same: (row, known) => noTwoIds(row, known) && maybeSameMoment(row, known) && mayBalance(row, known) },
  {
    by: 'amount',
    same: (row, known) =>
      (row.wordsVary === true || known.wordsVary === true) &&
      noTwoIds(row, known) &&
      maybeSameMoment(row, known) &&
      mayBalance(row, known),
  },
];

/** Known rows that have not yet answered for a row of the file. */
class Pool {
  private readonly byId = new Map<string, Set<KnownRow>>();
  private readonly byText = new Map<string, Set<KnownRow>>();
  private readonly byAmount = new Map<string, Set<KnownRow>>();

  constructor(known: readonly KnownRow[]) {
    for (const row of known) {
      if (row.id !== null) add(this.byId, idKey(row), row);
      add(this.byText, textKey(row), row);
      add(this.byAmount, amountKey(row), row);
    }
  }

  take(row: MatchableRow, { by, same }: (typeof STRENGTHS)[number]): KnownRow | undefined {
    if (by === 'id' && row.id === null) return undefined;
    const candidates = this.candidates(row, by);
    for (const known of candidates ?? []) {
      if (!same(row, known)) continue;
      this.byText.get(textKey(known))?.delete(known);
      this.byAmount.get(amountKey(known))?.delete(known);
      if (known.id !== null) this.byId.get(idKey(known))?.delete(known);
      return known;
    }
    return undefined;
  }

  private candidates(row: MatchableRow, by: (typeof STRENGTHS)[number]['by']): Set<KnownRow> | undefined {
    if (by === 'id') return this.byId.get(idKey(row));
    return by === 'text' ? this.byText.get(textKey(row)) : this.byAmount.get(amountKey(row));
  }

  /** Days on which the ledger has rows that the file has not. */
  daysLeft(): Set<string> {
    return new Set([...this.byText.values()].flatMap((rows) => [...rows].map(dayOf)));
  }
}

/**
 * Rows known by day and words alone, on a day within which two statements meet: the file begins where the ledger ends (or
 * the other way round), or both have rows of that day that the other lacks.
 */
function doubtsOf(
  rows: readonly MatchableRow[],
  answers: readonly (KnownRow | undefined)[],
  pool: Pool,
  span: Span | null,
): Set<number> {
  const days = rows.map(dayOf);
  const first = days.reduce((one, other) => (other < one ? other : one), days[0] ?? '');
  const last = days.reduce((one, other) => (other > one ? other : one), days[0] ?? '');
  const left = pool.daysLeft();
  const added = new Set(days.filter((_, index) => !answers[index]));
  const meets = (day: string): boolean =>
    (day === first && day === span?.to && last > day) ||
    (day === last && day === span?.from && first < day) ||
    (left.has(day) && added.has(day));
  return new Set(
    rows.flatMap((row, index) => {
      const known = answers[index];
      const sure = !known || !row.dayOnly || (row.id !== null && row.id === known.id) || (row.balance ?? null) !== null;
      return !sure && meets(dayOf(row)) ? [index] : [];
    }),
  );
}

const dayOf = (row: MatchableRow): string => row.occurredAt.slice(0, 10);
const idKey = (row: MatchableRow): string => [row.currency, row.id, dayOf(row), row.quantity].join('\u0000');
const amountKey = (row: MatchableRow): string => [row.currency, dayOf(row), row.quantity].join('\u0000');
const textKey = (row: MatchableRow): string =>
  [row.currency, dayOf(row), row.quantity, normalised(row.description)].join('\u0000');

/** Case, width and spacing of a description are a matter of the export. */
function normalised(description: string): string {
  return description.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

function keyHash(row: MatchableRow): string {
  const key =
    row.id === null
      ? `row\u0000${row.dayOnly ? 'day' : row.occurredAt}\u0000${textKey(row)}\u0000${row.balance ?? ''}`
      : `id\u0000${idKey(row)}`;
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

function firstFree(hash: string, taken: ReadonlySet<string>): string {
  for (let ordinal = 1; ; ordinal += 1) {
    if (!taken.has(`${hash}#${ordinal}`)) return `${hash}#${ordinal}`;
  }
}

function add<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}
