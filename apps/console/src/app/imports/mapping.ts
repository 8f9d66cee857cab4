import type { DateFormat, DecimalSeparator, Delimiter, Mapping } from '../../api/models';

/** A mapping while it is being chosen: columns are the values of selects, '' for none. */
export interface MappingDraft {
  delimiter: Delimiter;
  /** 1-based; '' when the file has no header. */
  headerLine: string;
  date: string;
  dateFormat: DateFormat;
  /** One signed column, or money out and money in apart. */
  amounts: 'one' | 'two';
  amount: string;
  debit: string;
  credit: string;
  decimalSeparator: DecimalSeparator;
  description: number[];
  balance: string;
  currency: string;
  id: string;
}

const text = (column: number | null) => (column === null ? '' : String(column));
const column = (chosen: string) => (chosen === '' ? null : Number(chosen));

export function draftOf(mapping: Mapping): MappingDraft {
  return {
    delimiter: mapping.delimiter,
    headerLine: text(mapping.headerLine),
    date: text(mapping.date),
    dateFormat: mapping.dateFormat,
    amounts: mapping.amount === null && (mapping.debit !== null || mapping.credit !== null) ? 'two' : 'one',
    amount: text(mapping.amount),
    debit: text(mapping.debit),
    credit: text(mapping.credit),
    decimalSeparator: mapping.decimalSeparator,
    description: [...mapping.description],
    balance: text(mapping.balance),
    currency: text(mapping.currency),
    id: text(mapping.id),
  };
}

/** The mapping that a draft means, and what is still missing, in words. */
export function mappingOf(draft: MappingDraft): { mapping: Mapping | null; missing: string[] } {
  const missing: string[] = [];
  const date = column(draft.date);
  const one = draft.amounts === 'one';
  if (date === null) missing.push('Say which column has the date.');
  if (one && draft.amount === '') missing.push('Say which column has the amount.');
  if (!one && (draft.debit === '' || draft.credit === '')) {
    missing.push('Say which columns have the money out and the money in.');
  }
  if (!one && draft.debit !== '' && draft.debit === draft.credit) {
    missing.push('Money out and money in cannot be the same column.');
  }
  const headerLine = column(draft.headerLine);
  if (headerLine !== null && !(Number.isInteger(headerLine) && headerLine >= 1)) {
    missing.push('The header line is a number from 1.');
  }
  if (date === null || missing.length) return { mapping: null, missing };
  return {
    missing,
    mapping: {
      delimiter: draft.delimiter,
      headerLine,
      date,
      dateFormat: draft.dateFormat,
      amount: one ? column(draft.amount) : null,
      debit: one ? null : column(draft.debit),
      credit: one ? null : column(draft.credit),
      decimalSeparator: draft.decimalSeparator,
      description: [...draft.description].sort((a, b) => a - b),
      balance: column(draft.balance),
      currency: column(draft.currency),
      id: column(draft.id),
    },
  };
}

/** What a column is used for, to be written above it in the sample. */
export function roleOf(draft: MappingDraft, index: number): string {
  const key = String(index);
  const roles: [boolean, string][] = [
    [draft.date === key, 'date'],
    [draft.amounts === 'one' && draft.amount === key, 'amount'],
    [draft.amounts === 'two' && draft.debit === key, 'money out'],
    [draft.amounts === 'two' && draft.credit === key, 'money in'],
    [draft.description.includes(index), 'description'],
    [draft.balance === key, 'balance'],
    [draft.currency === key, 'currency'],
    [draft.id === key, 'id'],
  ];
  return roles.flatMap(([used, role]) => (used ? [role] : [])).join(', ');
}

export const DATE_FORMATS: readonly { value: DateFormat; label: string }[] = [
  { value: 'YYYY-MM-DD', label: '2026-11-20' },
  { value: 'DD.MM.YYYY', label: '20.11.2026' },
  { value: 'DD/MM/YYYY', label: '20/11/2026' },
  { value: 'MM/DD/YYYY', label: '11/20/2026' },
  { value: 'YYYY/MM/DD', label: '2026/11/20' },
  { value: 'DD-MM-YYYY', label: '20-11-2026' },
  { value: 'YYYYMMDD', label: '20261120' },
];

export const DELIMITERS: readonly { value: Delimiter; label: string }[] = [
  { value: ',', label: 'comma ,' },
  { value: ';', label: 'semicolon ;' },
  { value: '\t', label: 'tab' },
  { value: '|', label: 'bar |' },
];
