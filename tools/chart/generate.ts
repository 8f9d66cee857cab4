/**
 * Writes the chart's values.schema.json and README.md from values.yaml and files/env.yaml: `npm run generate:chart`.
 * With `--check` it writes nothing and fails where one is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { format, resolveConfig } from 'prettier';
import { readme } from './readme.ts';
import { valuesSchema } from './schema.ts';
import { chart } from './table.ts';

/** What the files should say, by name. */
export async function generated(): Promise<Record<string, string>> {
  const files: Record<string, string> = {
    'values.schema.json': JSON.stringify(valuesSchema()),
    'README.md': readme(),
  };
  for (const [name, text] of Object.entries(files)) {
    const filepath = join(chart, name);
    files[name] = await format(text, { ...(await resolveConfig(filepath)), filepath });
  }
  return files;
}

if (import.meta.main) {
  const stale: string[] = [];
  for (const [name, text] of Object.entries(await generated())) {
    const file = join(chart, name);
    const known = readFileSync(file, { encoding: 'utf8', flag: 'a+' });
    if (known === text) continue;
    if (process.argv.includes('--check')) stale.push(name);
    else writeFileSync(file, text);
  }
  if (stale.length > 0) {
    process.stderr.write(`out of date: ${stale.join(', ')}. Run npm run generate:chart and commit what it writes.\n`);
    process.exit(1);
  }
}
