import process from 'node:process';
import { Lifetime } from '../stack/lifetime.ts';
import { say, step } from '../stack/screen.ts';
import { dayCase, memoryCase, rollupCase, transfersCase } from './cases.ts';
import { load, type Loaded } from './data.ts';
import { historiesCase } from './histories.ts';
import { importCase } from './imports.ts';
import { requestsCase } from './requests.ts';
import { BenchStack } from './stack.ts';
import { print } from './table.ts';

const CASES = ['rollup', 'day', 'import', 'transfers', 'requests', 'histories', 'memory'] as const;
const SIZE = { tx: 60_000, seed: 42, days: 1_826 };

const help = `npm run bench                            everything
npm run bench -- ${CASES.join(' ')}   only these`;

const words = process.argv.slice(2);
const chosen = new Set<string>(words.length === 0 ? CASES : words);
const unknown = words.filter((word) => !(CASES as readonly string[]).includes(word));

async function main(lifetime: Lifetime): Promise<void> {
  const stack = await BenchStack.start(lifetime);
  let loaded: Loaded | undefined;
  const data = async (): Promise<Loaded> =>
    (loaded ??= await step('Data', () => load(stack.databaseUrl, 'bench', SIZE)));
  if (chosen.has('rollup')) print('Five years of a portfolio', await rollupCase(stack, await data()));
  if (chosen.has('day')) print('Following', await dayCase(stack, await data()));
  if (chosen.has('transfers')) print('Transfers', await transfersCase(stack, await data()));
  if (chosen.has('import')) print('Import', await importCase(stack, await data()));
  if (chosen.has('requests')) print('Requests while figures are worked out', await requestsCase(stack, await data()));
  if (chosen.has('histories')) print('Histories of prices', await historiesCase(stack));
  if (chosen.has('memory')) print('Memory', await memoryCase(stack, SIZE.days, SIZE.seed));
}

if (unknown.length > 0) {
  say(words.includes('--help') ? help : `npm run bench does not know ${unknown.join(', ')}.\n\n${help}`);
  process.exit(words.includes('--help') ? 0 : 1);
}
const lifetime = new Lifetime();
await lifetime.guard(() => main(lifetime));
await lifetime.end();
process.exit(0);
