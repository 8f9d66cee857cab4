import { dayOf, parseDay } from '@scani/money';
import { readAmount } from './amount.js';
import { refuseTooMany } from './csv.js';
import { all, type OfxNode, ofxTree } from './ofx.tree.js';
import {
  type Closing,
  type RowProblem,
  type Statement,
  type StatementContext,
  type StatementRow,
  UnreadableFile,
} from './statement.js';

/*
 * Open Financial Exchange 1.x (SGML) and 2.x (XML), statements of banks and credit cards. Follows "OFX Banking
 * Specification" 2.3 (October 2020), chapters 3.2.8 (dates, amounts) and 11.4 (statement download); these parts are the
 * same since 1.0.2.
 */

interface Moment {
  at: string;
  dayOnly: boolean;
}

const HOUR_MS = 3_600_000;
const MOST_OFFSET_HOURS = 14;
const DATE =
  /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?(?:\.(\d{1,3}))?)?\s*(?:\[\s*([+-]?\d{1,2}(?:\.\d{1,2})?)\s*(?::[^\]]*)?\])?$/;

/** Whether this looks like OFX of either generation. */
export function isOfx(text: string): boolean {
  const start = text.slice(0, 4_000);
  return /^\s*\uFEFF?\s*OFXHEADER/i.test(start) || /<\?OFX\s/i.test(start) || /<OFX>/i.test(start);
}

/** Reads the one account of an OFX file. Throws UnreadableFile. */
export function readOfx(text: string, context: StatementContext): Statement {
  const tree = ofxTree(text.slice(Math.max(0, text.search(/<OFX>/i))));
  const before = text.slice(0, Math.max(0, text.search(/<OFX>/i))).split('\n').length - 1;
  const statements = [...all(tree, 'STMTRS'), ...all(tree, 'CCSTMTRS')];
  refuseSeveralAccounts(statements);
  const transactions = statements.flatMap((statement) =>
    all(statement, 'STMTTRN').map((node) => ({ node, currency: statement.values.get('CURDEF') ?? context.currency })),
  );
  if (transactions.length === 0) throw noRows(tree);
  refuseTooMany(transactions.length);
  const rows: StatementRow[] = [];
  const problems: RowProblem[] = [];
  for (const { node, currency } of transactions) {
    const read = rowOf(node, node.line + before, currency.toUpperCase(), context);
    if ('detail' in read) problems.push(read);
    else rows.push(read);
  }
  return { rows, problems, closings: statements.flatMap((statement) => closingOf(statement, rows, context)) };
}

function rowOf(node: OfxNode, line: number, home: string, { currencies }: StatementContext): StatementRow | RowProblem {
  const value = (name: string): string => node.values.get(name) ?? '';
  const problem = (column: string, detail: string): RowProblem => ({ line, column, detail });
  const corrected = value('CORRECTFITID');
  if (corrected) {
    return problem(
      'CORRECTFITID',
      `The bank corrects its earlier entry ${corrected} with this one. Record the difference by hand as an adjustment.`,
    );
  }
  const when = readOfxDate(value('DTPOSTED'));
  if (!when) return problem('DTPOSTED', `“${value('DTPOSTED')}” is not a date of OFX. Export the statement again.`);
  const amount = amountOf(value('TRNAMT'));
  if (!amount.ok) return problem('TRNAMT', `${amount.why} Export the statement again.`);
  const foreign = node.children.find((child) => child.name === 'CURRENCY')?.values.get('CURSYM');
  const currency = (foreign ?? home).toUpperCase();
  if (!currencies.has(currency)) {
    return problem('CURSYM', `“${currency}” is not a currency that Scani knows. Record it by hand.`);
  }
  const payee = node.children.find((child) => child.name === 'PAYEE')?.values.get('NAME');
  const said = [value('NAME') || payee || '', value('MEMO')].filter(Boolean);
  const [name, memo] = said;
  return {
    line,
    occurredAt: when.at,
    dayOnly: when.dayOnly,
    kind: kindOf(value('TRNTYPE').toUpperCase(), amount.value),
    quantity: amount.value,
    currency,
    // Many banks write the name once more at the beginning of the memo.
    description: name && memo?.startsWith(name) ? memo : said.join(' · '),
    balance: null,
    fee: null,
    id: value('FITID') || null,
    raw: Object.fromEntries(node.values),
  };
}

/** Amounts are signed from the person's side; TRNTYPE says more about some of them. */
function kindOf(type: string, quantity: string): StatementRow['kind'] {
  const out = quantity.startsWith('-');
  if (type === 'INT' && !out) return 'interest';
  if (type === 'DIV' && !out) return 'dividend';
  if ((type === 'FEE' || type === 'SRVCHG') && out) return 'fee';
  return out ? 'withdraw' : 'deposit';
}

/** OFX knows no thousands separators; the decimal separator is a point or a comma. */
function amountOf(written: string): ReturnType<typeof readAmount> {
  return readAmount(written, written.includes(',') && !written.includes('.') ? ',' : '.');
}

/**
 * `YYYYMMDD[HHMM[SS[.XXX]]][[offset:zone]]`, UTC without an offset; offsets are hours with decimals. Midnight stands for
 * the day alone (in the bank's own zone). Undefined for what is no date.
 */
export function readOfxDate(written: string): Moment | undefined {
  const match = DATE.exec(written.trim());
  if (!match) return undefined;
  const [, year, month, date, hours, minutes = '00', seconds = '00', part = '', offset = '0'] = match;
  const day = parseDay(`${year}-${month}-${date}`);
  if (!day || Math.abs(Number(offset)) > MOST_OFFSET_HOURS) return undefined;
  const time = hours === undefined ? '000000' : hours + minutes + seconds;
  if (time === '000000') return { at: `${day}T12:00:00.000Z`, dayOnly: true };
  const local = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${part.padEnd(3, '0')}Z`);
  if (Number.isNaN(local)) return undefined;
  return { at: new Date(local - Number(offset) * HOUR_MS).toISOString(), dayOnly: false };
}

/** LEDGERBAL: what is booked at its date. It covers the rows of that day that the file has. */
function closingOf(statement: OfxNode, rows: readonly StatementRow[], context: StatementContext): Closing[] {
  const ledger = statement.children.find((child) => child.name === 'LEDGERBAL');
  const when = readOfxDate(ledger?.values.get('DTASOF') ?? '');
  const amount = amountOf(ledger?.values.get('BALAMT') ?? '');
  const currency = (statement.values.get('CURDEF') ?? context.currency).toUpperCase();
  if (!when || !amount.ok || !context.currencies.has(currency)) return [];
  const day = dayOf(new Date(when.at));
  const sameDay = rows.filter((row) => row.currency === currency && dayOf(new Date(row.occurredAt)) === day);
  const at = sameDay.reduce((last, row) => (row.occurredAt > last ? row.occurredAt : last), when.at);
  return [{ currency, balance: amount.value, at }];
}

function refuseSeveralAccounts(statements: readonly OfxNode[]): void {
  const ids = new Set(
    statements.flatMap((statement) =>
      statement.children
        .filter(({ name }) => name === 'BANKACCTFROM' || name === 'CCACCTFROM')
        .map(({ values }) => `${values.get('BANKID') ?? ''} ${values.get('ACCTID') ?? ''}`),
    ),
  );
  if (ids.size <= 1) return;
  throw new UnreadableFile(
    'several-accounts',
    `This file holds ${ids.size} accounts of the bank. Export each one by itself and import it into its own account.`,
  );
}

function noRows(tree: OfxNode): UnreadableFile {
  return all(tree, 'INVSTMTRS').length > 0
    ? new UnreadableFile(
        'investment-ofx',
        'This is an investment statement. Scani reads those of banks and cards so far.',
      )
    : new UnreadableFile('no-rows', 'This OFX file has no transactions. Choose a longer period and export it again.');
}
