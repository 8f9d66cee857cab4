import type { ImportRecord, ImportRowRecord } from './import.queries.js';
import type { Import, ImportRow } from './imports.dto.js';

export function shownImport(row: ImportRecord): Import {
  const { columns, lines, suggestion } = row.sample ?? {};
  return {
    id: row.id,
    account: { id: row.account_id, name: row.account_name, currency: row.account_currency },
    fileName: row.file_name,
    format: row.format,
    keepsOriginal: row.storage_key !== null,
    state: row.state,
    jobId: row.job_id,
    progress: row.progress,
    counts: {
      rows: row.row_count,
      new: row.new_count,
      known: row.known_count,
      problems: row.problem_count,
      recorded: row.recorded_count,
    },
    period: row.period_from && row.period_to ? { from: row.period_from, to: row.period_to } : null,
    mapping: row.mapping,
    sample: columns && lines && suggestion ? { columns, lines, suggestion } : null,
    seenAt: row.seen_at?.toISOString() ?? null,
    notes: row.notes,
    readByAi: row.consented_at !== null,
    error: row.error,
    createdAt: row.created_at.toISOString(),
  };
}

export function shownRow({ line, state, draft, problem }: Omit<ImportRowRecord, 'ordinal'>): ImportRow {
  return {
    line,
    state,
    occurredAt: draft?.occurredAt ?? null,
    kind: draft?.kind ?? null,
    quantity: draft?.quantity ?? null,
    currency: draft?.currency ?? null,
    description: draft?.description ?? null,
    balance: draft?.balance ?? null,
    problem,
  };
}
