import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart, type EnvRow, envTable } from './table.ts';
import { documentedValues } from './values.ts';

/** README.md.gotmpl with its tables; the placeholders are those of helm-docs and one of ours. */
export function readme(): string {
  const facts = readFileSync(join(chart, 'Chart.yaml'), 'utf8');
  const version = /^version: (.*)$/m.exec(facts)?.[1] ?? '';
  return readFileSync(join(chart, 'README.md.gotmpl'), 'utf8')
    .replaceAll('{{ template "chart.version" . }}', version)
    .replace('{{ template "chart.valuesTable" . }}', valuesTable())
    .replace('{{ template "scani.secretsTable" . }}', secretsTable())
    .replace('{{ template "scani.settingsTable" . }}', settingsTable());
}

const cell = (value: string): string => value.replaceAll('|', '\\|');
const code = (value: unknown): string => `\`${cell(JSON.stringify(value))}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function valuesTable(): string {
  const rows = documentedValues().map((one) => [`\`${one.path}\``, code(one.default), cell(one.description)]);
  return table(['Key', 'Default', 'What it does'], rows);
}

const conditions: Record<string, string> = {
  s3Static: 'with `storage.s3.endpoint` and `storage.s3.auth=static`',
  smtp: 'with `mail.from`, unless `mail.by=fastmail`',
  fastmail: 'with `mail.by=fastmail`',
  traces: 'with `traces.endpoint`',
  cloudManagement: 'with `cloudManagement.enabled`',
  transactionPooler: 'with `database.pooler=transaction`',
};

function need(row: EnvRow): string {
  if (row.requiredWhen) return `${conditions[row.requiredWhen]}, else optional`;
  if (row.secret === 'optional') return row.when ? `optional, ${conditions[row.when] ?? row.when}` : 'optional';
  return row.when ? (conditions[row.when] ?? row.when) : 'yes';
}

function secretsTable(): string {
  const rows = envTable()
    .filter((row) => row.secret)
    .map((row) => [`\`${row.name}\``, row.in.join(', '), need(row)]);
  return table(['Key', 'Given to', 'Needed'], rows);
}

function settingsTable(): string {
  const rows = envTable()
    .filter((row) => row.setting)
    .map((row) => [
      `\`${row.name}\``,
      row.in.map((one) => `\`${one === 'data-provider' ? 'dataProvider' : one}.settings\``).join(', '),
    ]);
  return table(['Variable', 'Where'], rows);
}
