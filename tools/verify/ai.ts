/**
 * Has the model behind AI_URL and OPENAI_API_KEY read a picture, a page and a heading through a real data-provider, and
 * compares what it read with what is there. Without either it asks the outside world, which shows the way there only.
 */
import { CloudClient } from '@scani/cloud';
import { deepStrictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { TRIAL_PICTURE } from '../../libs/features/imports/src/trial.picture.ts';
import { startOutsideWorld } from '../outside-world/server.ts';
import { root } from '../stack/places.ts';
import { dim, say } from '../stack/screen.ts';
import { Checks } from './checks.ts';

const KEY = 'a-key-for-this-verification';
const PAGE = `Kontoauszug EUR
03.11.2026 Miete -950,00 1.284,56
04.11.2026 Gehalt 2.500,00 3.784,56
Endsaldo 30.11.2026 3.784,56`;

const own = process.env['AI_URL'] ?? process.env['OPENAI_API_KEY'];
const world = own === undefined ? await startOutsideWorld() : undefined;
say(
  world
    ? 'Neither AI_URL nor OPENAI_API_KEY is set: the outside world is asked, in which no model is.'
    : `Asking ${process.env['AI_URL'] ?? 'OpenAI'}.`,
);
execFileSync(
  process.execPath,
  [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-b', 'apps/data-provider'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.setMaxListeners(50);
type DataProvider = typeof import('../../apps/data-provider/src/data-provider.app.ts');
type Env = typeof import('../../apps/data-provider/src/env.ts');
const built = join(root, 'apps', 'data-provider', 'dist');
const { createDataProvider } = (await import(join(built, 'data-provider.app.js'))) as DataProvider;
const { readSettings } = (await import(join(built, 'env.js'))) as Env;
const app = await createDataProvider(
  readSettings({
    ...process.env,
    ...world?.urls,
    DATA_PROVIDER_API_KEY: KEY,
    LOG_ID_PEPPER: 'a-pepper-for-this-verification',
    LOG_LEVEL: 'silent',
    REDIS_URL: undefined,
    CLOUD_MANAGEMENT_ENABLED: undefined,
  }),
);
await app.listen(0, '127.0.0.1');
const cloud = new CloudClient({ url: await app.getUrl(), apiKey: KEY });

const checks = new Checks();
await checks.check('it is offered', async () => {
  const { ai } = await cloud.capabilities();
  deepStrictEqual(ai, ['screenshot', 'document', 'columns']);
});
await checks.check('a picture of one account', async () => {
  const { positions, problems } = await cloud.readScreenshot(TRIAL_PICTURE);
  for (const problem of problems) say(dim(`  ${problem}`));
  const amounts = positions.map(({ quantity, value }) => (quantity ?? value ?? '').replaceAll(/[^\d.,]/g, ''));
  deepStrictEqual(amounts, ['123.45'], `read as ${JSON.stringify(positions)}`);
});
await checks.check('a page of a statement', async () => {
  const { rows, closing } = await cloud.readDocument([PAGE]);
  deepStrictEqual(
    rows.map(({ day, direction, problem }) => [day, direction, problem]),
    [
      ['2026-11-03', 'out', null],
      ['2026-11-04', 'in', null],
    ],
    `read as ${JSON.stringify(rows)}`,
  );
  deepStrictEqual(closing, { balance: '3.784,56', day: '2026-11-30' });
});
await checks.check('the columns of a CSV', async () => {
  const told = await cloud.suggestColumns(['Buchung', 'Wer', 'Betrag'], [['03.11.2026', 'Bäcker', '-4,50']]);
  deepStrictEqual([told?.date, told?.amount, told?.dateFormat, told?.decimalSeparator], [0, 2, 'DD.MM.YYYY', ',']);
});
checks.end();
await app.close();
await world?.close();
