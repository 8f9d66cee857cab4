import { buildServers } from '../stack/build.ts';
import { seconds, step } from '../stack/screen.ts';
import { Checks, must } from './checks.ts';
import { openAccount } from './deeds.ts';
import { type Jaeger, jaegerProgram, type JaegerSpan, startJaeger } from './jaeger.ts';
import type { Parts } from './parts.ts';
import { Person } from './person.ts';
import { Product, within } from './product.ts';
import { withParts } from './with-parts.ts';

/** `npm run verify:traces`: a real Jaeger takes the traces of the real processes, and finds one where there must be one. */
const PATIENCE_MS = 60_000;

async function main(parts: Parts): Promise<boolean> {
  const checks = new Checks();
  await step('Build', buildServers);
  const program = await step('Jaeger', jaegerProgram);
  const postgres = await step('Postgres', () => parts.postgres('postgres'));
  const jaeger = await startJaeger(parts, program);
  const mail = await parts.mail();
  const product = new Product(parts, {
    DATABASE_URL: await postgres.database({ name: 'scani', password: 'of-the-role', database: 'scani' }),
    POSTGRES_POOL_MAX: '5',
    REDIS_URL: (await parts.plainRedis('redis')).url,
    ...(await parts.outsideWorld()),
    SMTP_URL: mail.smtpUrl,
    SMTP_FROM: 'scani@example.org',
    FRONTEND_URL: 'http://scani.test',
    OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.otlp,
  });
  must((await product.cli({}, 'migrate', 'up')).code === 0, 'the migrations failed');
  const provider = await product.start('data-provider');
  product.env['SCANI_CLOUD_URL'] = provider.url;
  await product.start('worker');
  const api = await product.start('api');

  const ada = new Person(() => api.url, mail.api);
  await ada.signIn();
  const accountId = await openAccount(ada);
  const identity = { provider: 'coingecko', externalId: 'bitcoin' };
  const coin = { symbol: 'BTC', name: 'Bitcoin', kind: 'crypto', decimals: 8, identity };
  const { id: assetId } = await ada.must(ada.post<{ id: string }>('/api/assets', coin));
  const at = new Date(Date.now() - 3 * 864e5).toISOString();
  await ada.must(ada.post('/api/holdings', { accountId, assetId, balance: '3.25', at }));

  let spans: JaegerSpan[] = [];
  await checks.check('Jaeger has the trace of a holding that was added, whole', async () => {
    let missing = 'everything';
    // Each process sends what it has every few seconds.
    const ms = await within(PATIENCE_MS, async () => {
      spans = await jaeger.trace('scani-api', 'POST /api/holdings');
      missing = missingOnTheWay(spans) ?? '';
      return missing === '';
    });
    must(ms !== undefined, `${missing} is not where it must be`);
    return `${WAY.map(([, operation]) => operation).join(' → ')}, ${spans.length} spans after ${seconds(ms)}`;
  });
  await checks.check('queries are in it, and say no value', () => {
    const texts = spans.flatMap(({ tags }) =>
      tags['db.query.text'] === undefined ? [] : [String(tags['db.query.text'])],
    );
    must(
      texts.some((text) => text.startsWith('insert into job')),
      'the row of the outbox is not',
    );
    must(
      texts.some((text) => text.includes('$1')),
      'no query with a parameter is',
    );
    return `${texts.length} queries`;
  });
  await checks.check('nobody is in it', () => {
    const all = JSON.stringify(spans).toLowerCase();
    for (const word of [ada.email, accountId, assetId, '3.25']) must(!all.includes(word.toLowerCase()), `${word} is`);
  });
  await checks.check('three processes are known', () => threeServices(jaeger));
  return checks.end();
}

/** Each is the parent of the next. */
const WAY = [
  ['scani-api', 'POST /api/holdings'],
  ['scani-worker', 'job backfill-prices'],
  ['scani-worker', 'POST /v1/prices/history'],
  ['scani-data-provider', 'POST /v1/prices/history'],
  ['scani-data-provider', 'GET'],
] as const;

function missingOnTheWay(spans: readonly JaegerSpan[]): string | undefined {
  let above: string | undefined;
  for (const [service, operation] of WAY) {
    const here = spans.find(
      (span) => span.service === service && span.operationName === operation && span.parent === above,
    );
    if (!here) return `${operation} of ${service}`;
    above = here.spanID;
  }
  return undefined;
}

async function threeServices(jaeger: Jaeger): Promise<string> {
  const services = (await jaeger.services()).filter((name) => name.startsWith('scani-')).toSorted();
  must(services.join() === 'scani-api,scani-data-provider,scani-worker', services.join());
  return services.join(', ');
}

await withParts(main);
