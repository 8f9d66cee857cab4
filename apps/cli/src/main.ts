import 'reflect-metadata';
import { logMask } from '@scani/runtime';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { demo } from './demo.js';
import { doctor } from './doctor/doctor.js';
import { keys } from './keys.js';
import { verifyLedger } from './ledger.js';
import { migrate } from './migrate.js';
import { signIn } from './sign-in.js';
import { tier } from './tier/tier.js';
import { VERSION } from './version.js';

const HELP = `scani ${VERSION}: the operator's tool

  scani migrate up [--json] [--lock-timeout 5s]
                                  apply what is missing; safe to repeat and to run several times at once
  scani migrate status [--fits] [--json]
                                  where the schema stands; with --fits it fails unless this build can work with it
  scani migrate plan [--json]     what is missing, which tables each step locks and what it costs
  scani migrate verify [--json]   whether what was applied is what this build has
                                  exit codes: 0 done or nothing to do (also ahead and compatible), 1 verify or --fits found otherwise,
                                  2 an older instance still runs, 3 ahead and too new, 4 no locks in time, 5 cannot connect
  scani doctor [--json]           look at everything that the installation stands on, with its own settings;
                                  exit code 0: all well, 1: something is wrong, 2: it works and could be better
  scani keys show [--json]        which ENCRYPTION_KEY this installation was sealed with, by its fingerprint
  scani keys adopt [--lost]       make the present ENCRYPTION_KEY the installation's (docs/runbooks/encryption-key.md)
  scani sign-in EMAIL             a link that lets this person in once, within 15 minutes, where no mail can be sent
  scani ledger verify [--user EMAIL] [--json]
                                  work out balances, digests and rollups again and report the first difference;
                                  exit code 0: all well, 1: differences, 2: nobody to look at
  scani tier check [--url URL] [--key KEY] [--json]
                                  whether this installation could use the data-provider there; SCANI_CLOUD_URL and SCANI_CLOUD_API_KEY
                                  unless told, the key is never printed; exit code 0: all well, 1: it cannot be used, 2: it lacks something
  scani tier verify [--user EMAIL] [--json]
                                  try for real what must work after a switch: prices and an import through the worker, mail, …;
                                  exit code 0: what is offered works, 1: something does not, 2: something could not be tried
  scani demo [--force]            make the demo portfolio, on a fresh installation or when forced
  scani version
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    force: { type: 'boolean' },
    fits: { type: 'boolean' },
    lost: { type: 'boolean' },
    user: { type: 'string' },
    url: { type: 'string' },
    key: { type: 'string' },
    'lock-timeout': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

/** Its output is a container's log too. Without a pepper nobody's hash can be known. */
function masked(text: string): string {
  return logMask(process.env['LOG_ID_PEPPER'] ?? randomBytes(16).toString('hex'))(text);
}

async function main(): Promise<number> {
  switch (positionals[0]) {
    case 'migrate':
      return migrate(positionals[1] ?? 'up', {
        json: values.json ?? false,
        fits: values.fits ?? false,
        lockTimeout: values['lock-timeout'],
      });
    case 'doctor':
      return doctor(values.json ?? false);
    case 'keys':
      return keys(positionals[1] ?? 'show', { lost: values.lost ?? false, json: values.json ?? false });
    case 'sign-in':
      return signIn(positionals[1]);
    case 'ledger':
      if (positionals[1] !== 'verify') throw new Error(`scani ledger ${positionals[1] ?? ''} is not known: use verify`);
      return verifyLedger(values.user, values.json ?? false);
    case 'tier':
      return tier(positionals[1], { url: values.url, key: values.key, user: values.user, json: values.json ?? false });
    case 'demo':
      return demo(values.force ?? false);
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    default:
      process.stdout.write(HELP);
      return values.help || positionals.length === 0 ? 0 : 1;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${masked(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
}
