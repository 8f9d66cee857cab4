import { bold, dim, say } from '../stack/screen.ts';

export interface Line {
  work: string;
  figure: string;
  /** What this machine can do at best in the same run, in words. */
  floor?: string;
  ratio?: number;
}

export const seconds = (ms: number): string => (ms < 100 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`);
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`;

/** Work, figure, floor, ratio: as a table that can be pasted into Markdown. */
export function print(title: string, lines: readonly Line[]): void {
  const rows = [
    ['work', 'figure', 'floor in the same run', 'ratio'],
    ...lines.map(({ work, figure, floor, ratio }) => [
      work,
      figure,
      floor ?? '–',
      ratio === undefined ? '–' : `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} ×`,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const shown = (row: string[]): string => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  say(`\n${bold(title)}\n`);
  say(shown(rows[0] ?? []));
  say(dim(`| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`));
  for (const row of rows.slice(1)) say(shown(row));
}
