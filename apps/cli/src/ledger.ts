import { NestFactory } from '@nestjs/core';
import { rowsOf } from '@scani/database';
import { type Difference, digestOfHoldings, DigestQueries, LedgerVerifier } from '@scani/ledger';
import { RollupBuilder } from '@scani/portfolio';
import { envOrExit } from '@scani/runtime';
import { DataSource } from 'typeorm';
import { CliModule, cliEnv } from './cli.module.js';

/** Exit codes are part of the contract with pipelines. */
const DIFFERENCES = 1;
const NOBODY = 2;

interface Person {
  id: string;
  email: string;
}

interface Verified {
  user: string;
  holdings: number;
  rows: number;
  /** Of the digests that were taken last; null where none was. */
  digest: string | null;
  /** Base currencies whose rollup was compared, and those that are not settled enough to compare. */
  bases: string[];
  unsettled: string[];
  differences: Difference[];
}

/** Works out balances, digests and rollups again, and reports the first difference of each kind for each person. */
export async function verifyLedger(email: string | undefined, json: boolean): Promise<number> {
  const app = await NestFactory.createApplicationContext(CliModule.register(envOrExit(cliEnv)), { logger: ['error'] });
  try {
    const source = app.get(DataSource);
    const people = await rowsOf<Person>(
      source,
      'select id, email from users where $1::text is null or lower(email) = lower($1) order by email',
      [email ?? null],
    );
    if (people.length === 0) {
      process.stderr.write(email ? `nobody here has the address ${email}\n` : 'nobody uses this installation yet\n');
      return NOBODY;
    }
    const verified: Verified[] = [];
    for (const person of people) {
      const one = await verify(source, app.get(LedgerVerifier), app.get(DigestQueries), app.get(RollupBuilder), person);
      verified.push(one);
      if (!json) say(one);
    }
    if (json) process.stdout.write(`${JSON.stringify(verified)}\n`);
    return verified.some((one) => one.differences.length > 0) ? DIFFERENCES : 0;
  } finally {
    await app.close();
  }
}

async function verify(
  source: DataSource,
  verifier: LedgerVerifier,
  digests: DigestQueries,
  builder: RollupBuilder,
  { id, email }: Person,
): Promise<Verified> {
  const { found, taken } = await source.transaction('REPEATABLE READ', async (db) => ({
    found: await verifier.holdings(db, id),
    taken: await digests.taken(db, id),
  }));
  const one: Verified = {
    user: email,
    holdings: found.holdings,
    rows: found.rows,
    digest: taken.length === 0 ? null : digestOfHoldings(taken),
    bases: [],
    unsettled: [],
    differences: [...found.differences],
  };
  for (const base of await builder.basesOf(id)) {
    const differences = await builder.verify(id, base);
    (differences ? one.bases : one.unsettled).push(base.code);
    one.differences.push(...(differences ?? []));
  }
  return one;
}

function say(one: Verified): void {
  const lines = [
    `${one.user}: ${one.holdings} holdings, ${one.rows} rows, rollups in ${one.bases.join(', ') || 'no currency yet'}`,
    ...(one.digest ? [`  digest ${one.digest}`] : ['  no digest was taken yet']),
    ...(one.unsettled.length > 0
      ? [`  not compared, since changes wait to be followed: ${one.unsettled.join(', ')}`]
      : []),
    ...one.differences.flatMap(({ check, where, stored, expected }) => [
      `  ${check} differs: ${where}`,
      `    stored:   ${stored}`,
      `    expected: ${expected}`,
    ]),
    ...(one.differences.length === 0 ? ['  everything adds up'] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
