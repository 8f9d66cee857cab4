import { cloudManagementEnv } from '@scani/cloud';
import { databaseEnv } from '@scani/database';
import { redisEnv } from '@scani/jobs';
import {
  choice,
  type EnvOf,
  type Field,
  fragment,
  integer,
  logEnv,
  metricsEnv,
  optional,
  readEnv,
  text,
  traceEnv,
  url,
} from '@scani/runtime';
import { serviceAccountOf } from '@scani/providers';
import { aiEnv } from './ai/ai.env.js';
import { chainsEnv } from './chains/chains.env.js';
import { mailEnv } from './mail/mail.env.js';

const serverEnv = fragment('server', {
  PORT: integer({ description: 'The port that the data-provider listens on.', default: '8082', min: 0, max: 65_535 }),
  HOST: text({ description: 'The address that it listens on.', default: '0.0.0.0' }),
  NODE_ENV: choice(['production', 'development', 'test'], { description: 'How it runs.', default: 'production' }),
  SCANI_IMAGE_TAG: optional(text({ description: 'The version of this deployment, shown in answers and logs.' })),
  DATA_PROVIDER_API_KEY: text({
    description: 'Who knows this key may ask. The api and worker of the installation send it as SCANI_CLOUD_API_KEY.',
    secret: true,
    minLength: 16,
  }),
  DATA_PROVIDER_API_KEY_PREVIOUS: optional(
    text({
      description: 'The key before the last change, taken as well until every caller has the new one.',
      secret: true,
      minLength: 16,
    }),
  ),
});

const sharedEnv = fragment(
  'shared',
  {
    REDIS_URL: optional({
      ...redisEnv.fields.REDIS_URL,
      description: `${redisEnv.fields.REDIS_URL.description} With it all processes of a data-provider have one budget for each service and one cache; without it each has its own.`,
    }),
    SHARED_CACHE_MB: integer({
      description: 'Megabytes of Redis that cached answers may take, at most.',
      default: '64',
      min: 1,
      max: 4_096,
    }),
    ...cloudManagementEnv.fields,
    DATABASE_URL: optional(databaseEnv.fields.DATABASE_URL),
    POSTGRES_POOL_MAX: databaseEnv.fields.POSTGRES_POOL_MAX,
  },
  (env) =>
    env.CLOUD_MANAGEMENT_ENABLED && (env.DATABASE_URL === undefined || env.REDIS_URL === undefined)
      ? ['CLOUD_MANAGEMENT_ENABLED needs DATABASE_URL and REDIS_URL: keys and usage are kept there.']
      : [],
);

const perMinute = (name: string, standard: string): Field<number> =>
  integer({ description: `Requests to ${name} a minute, at most.`, default: standard, min: 1, max: 100_000 });

const sheetsEnv = fragment(
  'google sheets',
  {
    GOOGLE_SHEETS_ID: optional(
      text({
        description: 'A sheet with prices of your own: the long word in its address. Nothing is asked without it.',
      }),
    ),
    GOOGLE_SHEETS_RANGE: text({
      description: 'Where they are, with the heading (symbol, price, currency; name, kind, date) as its first row.',
      default: 'Prices!A:F',
    }),
    GOOGLE_SERVICE_ACCOUNT_KEY: optional({
      ...text({
        description: 'The JSON file of a Google service account, or its base64. The sheet is shared with its address.',
        secret: true,
      }),
      parse: serviceAccountOf,
    }),
    GOOGLE_SHEETS_URL: url({ description: 'The API of Google Sheets.', default: 'https://sheets.googleapis.com' }),
    GOOGLE_TOKEN_URL: url({
      description: 'Where Google gives tokens to service accounts.',
      default: 'https://oauth2.googleapis.com/token',
    }),
    GOOGLE_SHEETS_PER_MINUTE: perMinute('Google Sheets', '60'),
  },
  (env) =>
    env.GOOGLE_SHEETS_ID !== undefined && env.GOOGLE_SERVICE_ACCOUNT_KEY === undefined
      ? ['GOOGLE_SHEETS_ID needs GOOGLE_SERVICE_ACCOUNT_KEY: sheets are read by a service account.']
      : [],
);

const sourcesEnv = fragment('price sources', {
  COINGECKO_URL: url({ description: 'CoinGecko, with its version.', default: 'https://api.coingecko.com/api/v3' }),
  COINGECKO_API_KEY: optional(text({ description: 'A demo or paid key of CoinGecko.', secret: true })),
  COINGECKO_PER_MINUTE: perMinute('CoinGecko', '30'),
  DEFILLAMA_URL: url({ description: 'The coins API of DeFiLlama.', default: 'https://coins.llama.fi' }),
  DEFILLAMA_PER_MINUTE: perMinute('DeFiLlama', '200'),
  YAHOO_URL: url({ description: 'Yahoo Finance.', default: 'https://query1.finance.yahoo.com' }),
  YAHOO_PER_MINUTE: perMinute('Yahoo Finance', '300'),
  FINNHUB_URL: url({ description: 'Finnhub, with its version.', default: 'https://finnhub.io/api/v1' }),
  FINNHUB_API_KEY: optional(
    text({ description: 'A key of Finnhub; without it nothing is asked there.', secret: true }),
  ),
  FINNHUB_PER_MINUTE: perMinute('Finnhub', '60'),
  FRANKFURTER_URL: url({ description: 'Frankfurter, with its version.', default: 'https://api.frankfurter.dev/v1' }),
  FRANKFURTER_PER_MINUTE: perMinute('Frankfurter', '120'),
  ECB_URL: url({
    description: "The web service of the European Central Bank's data portal.",
    default: 'https://data-api.ecb.europa.eu/service',
  }),
  ECB_PER_MINUTE: perMinute('the European Central Bank', '60'),
});

/** What it needs to speak to others. */
export const outsideEnv = [sourcesEnv, sheetsEnv, chainsEnv, aiEnv, mailEnv] as const;

/** All that the data-provider reads from its environment. */
export const dataProviderEnv = [serverEnv, sharedEnv, ...outsideEnv, logEnv, metricsEnv, traceEnv] as const;
export type DataProviderEnv = EnvOf<typeof dataProviderEnv>;

/** Reads the settings. Throws BadEnv that lists every bad one. */
export function readSettings(source: Record<string, string | undefined> = process.env): DataProviderEnv {
  return readEnv(dataProviderEnv, source);
}
