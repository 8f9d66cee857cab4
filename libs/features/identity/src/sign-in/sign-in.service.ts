import { Inject, Injectable } from '@nestjs/common';
import { CloudClient } from '@scani/cloud';
import { KeyRing, sameHash } from '@scani/crypto';
import { type Db, rowOf } from '@scani/database';
import { JobQueue } from '@scani/jobs';
import { Invalid } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../identity.settings.js';
import { type Client, SessionsService } from '../sessions/sessions.service.js';
import { type UserRow, UsersService } from '../users/users.service.js';
import { CODE_MINUTES, codeHash, LINK_MINUTES, linkHash, type OpenChallenge, openChallenge } from './challenge.js';
import { MAIL_SEAL, sendSignInMail, type SignInMail } from './send-sign-in-mail.job.js';
import type { Challenge, SignInOptions } from './sign-in.dto.js';
import { SignInLimits } from './sign-in.limits.js';

const CAPABILITIES_MS = 60_000;

interface ChallengeRow {
  id: string;
  email: string;
  code_hash: Buffer;
  tries_left: number;
  used: boolean;
  link_expired: boolean;
  code_expired: boolean;
}

export interface SignedIn {
  user: UserRow;
  token: string;
}

/** Coming in without a password: a link (15 minutes, once) and a code (6 digits, 5 minutes, 5 tries) in one mail. */
@Injectable()
export class SignInService {
  private mail: { possible: boolean; until: number } | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly limits: SignInLimits,
    private readonly jobs: JobQueue,
    private readonly cloud: CloudClient,
    private readonly keys: KeyRing,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  async options(): Promise<SignInOptions> {
    const demo = await rowOf<{ any: boolean }>(this.source, 'select exists (select 1 from users where is_demo) as any');
    return {
      canSendMail: await this.canSendMail(),
      signUp: this.settings.signUp,
      firstAccount: await this.users.isEmptyInstallation(this.source),
      demo: demo?.any ?? false,
    };
  }

  /** The answer is the same for every address; whether a mail leaves is seen by its owner alone. */
  async challenge(email: string, client: Client): Promise<Challenge> {
    await this.limits.challenge(email, client.address);
    const { id } = await this.source.transaction(async (db) => {
      const challenge = await openChallenge(db, this.settings, email);
      if (await this.mayComeIn(db, email)) await this.askForMail(db, email, challenge);
      return challenge;
    });
    return { challengeId: id, linkMinutes: LINK_MINUTES, codeMinutes: CODE_MINUTES };
  }

  async byLink(token: string, client: Client): Promise<SignedIn> {
    await this.limits.attempt(client.address);
    return this.source.transaction(async (db) => {
      const row = await this.find(db, 'link_hash = $1', linkHash(this.settings.secret, token));
      if (!row) throw new Invalid('link-unknown', 'This link is not valid. Ask for a new mail.');
      if (row.used) throw new Invalid('link-used', 'This link has been used. Ask for a new mail.');
      if (row.link_expired)
        throw new Invalid('link-expired', `This link is older than ${LINK_MINUTES} minutes. Ask for a new mail.`);
      return this.comeIn(db, row, client);
    });
  }

  async byCode(challengeId: string, code: string, client: Client): Promise<SignedIn> {
    await this.limits.attempt(client.address);
    const answer = await this.source.transaction(async (db) => {
      const row = await this.find(db, 'id = $1', challengeId);
      if (!row || row.used) return new Invalid('code-expired', 'This code is no longer valid. Ask for a new mail.');
      if (row.code_expired)
        return new Invalid('code-expired', `This code is older than ${CODE_MINUTES} minutes. Ask for a new mail.`);
      if (row.tries_left === 0) return new Invalid('code-locked', 'This code was tried too often. Ask for a new mail.');
      if (sameHash(row.code_hash, codeHash(this.settings.secret, row.id, code))) return this.comeIn(db, row, client);
      // The refusal is returned, not thrown: the lost try has to be committed.
      await db.query('update sign_in_challenge set tries_left = tries_left - 1 where id = $1', [row.id]);
      return wrongCode(row.tries_left - 1);
    });
    if (answer instanceof Invalid) throw answer;
    return answer;
  }

  private find(db: Db, where: string, value: unknown): Promise<ChallengeRow | undefined> {
    return rowOf<ChallengeRow>(
      db,
      `select id, email, code_hash, tries_left, used_at is not null as used, link_expires_at < now() as link_expired,
         code_expires_at < now() as code_expired
       from sign_in_challenge where ${where} for update`,
      [value],
    );
  }

  private async comeIn(db: Db, row: ChallengeRow, client: Client): Promise<SignedIn> {
    await db.query('update sign_in_challenge set used_at = now() where id = $1', [row.id]);
    const user = (await this.users.byEmail(db, row.email)) ?? (await this.newUser(db, row.email));
    await db.query('update users set last_seen_at = now() where id = $1', [user.id]);
    return { user, token: await this.sessions.open(db, user.id, client) };
  }

  private async newUser(db: Db, email: string): Promise<UserRow> {
    if (!(await this.mayComeIn(db, email)))
      throw new Invalid('sign-up-closed', 'This installation takes no new accounts.');
    return this.users.create(db, email);
  }

  private async mayComeIn(db: Db, email: string): Promise<boolean> {
    if (this.settings.signUp === 'open' || (await this.users.byEmail(db, email))) return true;
    if (await this.users.isEmptyInstallation(db)) return true;
    if (this.settings.signUp === 'closed') return false;
    return (await rowOf(db, 'select 1 from invitation where email = $1', [email])) !== undefined;
  }

  private async askForMail(db: Db, to: string, { link, code }: OpenChallenge): Promise<void> {
    const mail: SignInMail = { to, link, code, linkMinutes: LINK_MINUTES, codeMinutes: CODE_MINUTES };
    await this.jobs.ask(db, sendSignInMail, { sealed: this.keys.seal(MAIL_SEAL, JSON.stringify(mail)) });
  }

  private async canSendMail(): Promise<boolean> {
    if (this.mail && Date.now() < this.mail.until) return this.mail.possible;
    try {
      const { mail } = await this.cloud.capabilities();
      this.mail = { possible: mail, until: Date.now() + CAPABILITIES_MS };
      return mail;
    } catch {
      return false;
    }
  }
}

function wrongCode(triesLeft: number): Invalid {
  const tries = triesLeft === 1 ? '1 try is' : `${triesLeft} tries are`;
  const detail =
    triesLeft === 0
      ? 'This code is wrong and no tries are left. Ask for a new mail.'
      : `This code is wrong. ${tries} left.`;
  return new Invalid(triesLeft === 0 ? 'code-locked' : 'code-wrong', detail, [{ pointer: '/code', detail }], {
    triesLeft,
  });
}
