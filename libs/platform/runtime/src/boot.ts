import { BadEnv, type EnvOf, type Fragment, readEnv } from './env/env.js';

/** Reads the settings or says which are wrong and ends the process with 1. */
export function envOrExit<const L extends readonly Fragment[]>(fragments: L): EnvOf<L> {
  try {
    return readEnv(fragments);
  } catch (error) {
    if (!(error instanceof BadEnv)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
