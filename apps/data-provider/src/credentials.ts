import { type DataProviderEnv, outsideEnv } from './env.js';

/** Which credentials for others it was given, by the names of their variables: `credentials: A, B; not set: C`. */
export function credentialsOf(env: DataProviderEnv): string {
  const names = outsideEnv
    .flatMap(({ fields }) => Object.entries(fields))
    .filter(([, { secret }]) => secret)
    .map(([name]) => name);
  const given = names.filter((name) => env[name as keyof DataProviderEnv] !== undefined);
  const absent = names.filter((name) => !given.includes(name));
  return `credentials: ${given.join(', ') || 'none'}${absent.length > 0 ? `; not set: ${absent.join(', ')}` : ''}`;
}
