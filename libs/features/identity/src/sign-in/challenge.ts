import { hashSecret, randomCode, randomToken } from '@scani/crypto';
import type { Db } from '@scani/database';
import { randomUUIDv7 } from 'node:crypto';

export const LINK_MINUTES = 15;
export const CODE_MINUTES = 5;
export const CODE_TRIES = 5;

/** What one person is told, and nobody else: both open the same door once. */
export interface OpenChallenge {
  id: string;
  link: string;
  code: string;
}

/** Makes a challenge for an address; of its link and code only keyed hashes are stored. Joins the caller's transaction. */
export async function openChallenge(
  db: Db,
  settings: { secret: string; frontendUrl: string },
  email: string,
): Promise<OpenChallenge> {
  const token = randomToken();
  const code = randomCode(6);
  const id = randomUUIDv7();
  await db.query(
    `insert into sign_in_challenge (id, email, link_hash, code_hash, tries_left, link_expires_at, code_expires_at)
     values ($1, $2, $3, $4, $5, now() + interval '${LINK_MINUTES} minutes', now() + interval '${CODE_MINUTES} minutes')`,
    [id, email, linkHash(settings.secret, token), codeHash(settings.secret, id, code), CODE_TRIES],
  );
  return { id, link: `${settings.frontendUrl}/sign-in/link#token=${token}`, code };
}

export const linkHash = (secret: string, token: string): Buffer => hashSecret(secret, 'link', token);

export const codeHash = (secret: string, id: string, code: string): Buffer =>
  hashSecret(secret, 'code', `${id}:${code}`);
