import { paths } from '../paths';

/** Only an address of this console may be gone to after sign-in, never another site. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith(paths.signIn) ? next : paths.dashboard;
}
