import { bold, green, red, say } from '../stack/screen.ts';

/** A table of words, each column as wide as its longest. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((word, at) => Math.max(word.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]): string => row.map((word, at) => word.padEnd(widths[at] ?? 0)).join('  ');
  say(bold(line(head)));
  for (const row of rows) say(line(row).replace(/^✘.*/, red).replace(/^✔/, green('✔')));
}
