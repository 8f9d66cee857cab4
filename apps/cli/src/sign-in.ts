import { createDataSource, databaseEnv } from '@scani/database';
import { identityEnv, LINK_MINUTES, openChallenge } from '@scani/identity';
import { envOrExit } from '@scani/runtime';
import { isEmail } from 'class-validator';

/** Prints a link that signs a person in. Whoever may run it may read the whole database anyway. */
export async function signIn(email: string | undefined): Promise<number> {
  if (email === undefined) throw new Error('Whose? scani sign-in EMAIL');
  if (!isEmail(email)) throw new Error(`${email} is not an e-mail address`);
  const env = envOrExit([databaseEnv, identityEnv]);
  const source = createDataSource({ url: env.DATABASE_URL, poolMax: 1, applicationName: 'scani-sign-in' });
  await source.initialize();
  try {
    const settings = { secret: env.BETTER_AUTH_SECRET, frontendUrl: env.FRONTEND_URL };
    const { link } = await openChallenge(source.manager, settings, email.toLowerCase());
    process.stdout.write(`Open this once, within ${LINK_MINUTES} minutes:\n\n  ${link}\n`);
    return 0;
  } finally {
    await source.destroy();
  }
}
