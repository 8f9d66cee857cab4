import { type DataProviderEnv, dataProviderEnv } from './env.js';

/** Its own keys open its door; the rest of its secrets are for others. */
const OWN = new Set(['DATA_PROVIDER_API_KEY', 'DATA_PROVIDER_API_KEY_PREVIOUS', 'LOG_ID_PEPPER']);

/** Which credentials for the outside it was given, by the names of their variables: `credentials: A, B; not set: C`. */
export function credentialsOf(env: DataProviderEnv): string {
  const names = dataProviderEnv
    .flatMap(({ fields }) => Object.entries(fields))
    .filter(([name, { secret }]) => secret && !OWN.has(name))
    .map(([name]) => name);
  const given = names.filter((name) => env[name as keyof DataProviderEnv] !== undefined);
  const absent = names.filter((name) => !given.includes(name));
  return `credentials: ${given.join(', ') || 'none'}${absent.length > 0 ? `; not set: ${absent.join(', ')}` : ''}`;
}
