import { createRequire } from 'node:module';

/** The version in the package.json of an app, which lies beside both its src and its dist. */
export function versionOf(moduleUrl: string): string {
  return (createRequire(moduleUrl)('../package.json') as { version: string }).version;
}
