import { day } from '@scani/money';
import { expect, test } from 'vitest';
import { lentReply } from '../testing/fixtures.js';
import { ecb } from './ecb.js';

const NOW = '2026-01-01T12:00:00.000Z';
const rates = ecb({ url: 'https://data-api.ecb.europa.eu/service' });
const HEAD = 'KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE';
const row = (code: string, period: string, value: string): string =>
  `EXR.D.${code}.EUR.SP00.A,D,${code},EUR,SP00,A,${period},${value}`;
const TABLE = [
  HEAD,
  row('GBP', '2025-12-30', '0.8713'),
  row('GBP', '2025-12-31', '0.8726'),
  row('USD', '2025-12-30', '1.1757'),
  row('USD', '2025-12-31', '1.1750'),
  row('ISK', '2025-12-31', 'NaN'),
].join('\r\n');

test('one request prices any number of currencies by the newest day', async () => {
  const { lent, asked } = lentReply({ text: TABLE }, NOW);
  const outcomes = await rates.currentPrices(['EUR', 'GBP', 'ISK'], lent);
  expect(asked.map((each) => each.url)).toEqual([
    'https://data-api.ecb.europa.eu/service/data/EXR/D.GBP+ISK+USD.EUR.SP00.A?startPeriod=2025-12-22&endPeriod=2026-01-01&detail=dataonly&format=csvdata',
  ]);
  const at = { currency: 'USD', at: '2025-12-31T14:00:00.000Z', granularity: 'daily' };
  expect(outcomes.get('EUR')).toEqual({ quote: { value: '1.1750', ...at } });
  expect(outcomes.get('GBP')).toEqual({ quote: { value: '1.34655053862', ...at } });
  expect(outcomes.get('ISK')).toMatchObject({ refused: { reason: 'unknown-asset' } });
});

test('series that come one after the other are put together by day', async () => {
  const { lent } = lentReply({ text: TABLE }, NOW);
  const history = await rates.priceHistory('EUR', day('2025-12-30'), day('2025-12-31'), lent);
  expect(history.quotes.map(({ at, value }) => [at, value])).toEqual([
    ['2025-12-30T14:00:00.000Z', '1.1757'],
    ['2025-12-31T14:00:00.000Z', '1.1750'],
  ]);
});

test('a range without rates is no error, an unknown currency has its reason', async () => {
  const { lent } = lentReply({ status: 404, text: 'No results found.' }, NOW);
  expect(await rates.priceHistory('XYZ', day('2025-12-27'), day('2025-12-28'), lent)).toMatchObject({
    quotes: [],
    refused: [{ reason: 'unknown-asset' }],
  });
});

test.each([
  ['another base', `${HEAD}\nEXR.D.GBP.USD.SP00.A,D,GBP,USD,SP00,A,2025-12-31,0.7`],
  ['no day', `${HEAD}\n${row('GBP', 'yesterday', '0.87')}`],
  ['rows of other lengths', `${HEAD}\nEXR.D.GBP.EUR.SP00.A,D`],
])('an answer with %s is not used', async (_what, text) => {
  await expect(rates.currentPrices(['GBP'], lentReply({ text }, NOW).lent)).rejects.toMatchObject({
    code: 'malformed',
  });
});
