import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppsOptions, choosePorts, scani, startApps } from './apps.ts';
import { buildConsole, buildServers } from './build.ts';
import { RunFile } from './leftovers.ts';
import type { Lifetime } from './lifetime.ts';
import type { Server } from './processes.ts';
import { GatewayBuild } from './s3-build.ts';
import type { StepNotes } from './screen.ts';
import { type Secrets, keptSecrets } from './secrets.ts';
import { type Services, startServices } from './services.ts';

/** The first run on a machine may have to build an S3 server, and tests are not honest without one. */
const storagePatienceMs = 8 * 60_000;

const prefix = 'scani-test-';

/** Servers and, if asked for, the whole stack, on data that is gone at the end. */
export class ThrowAway {
  readonly home: string;
  private readonly secrets: Secrets;
  private readonly runFile: RunFile;
  private readonly started: (server: Server) => void;
  private running: Promise<Services> | undefined;

  constructor(lifetime: Lifetime) {
    this.home = mkdtempSync(join(tmpdir(), prefix));
    // Postgres runs as a user of its own, which must be able to reach its data.
    chmodSync(this.home, 0o755);
    this.secrets = keptSecrets(this.home);
    this.runFile = new RunFile(this.home);
    this.runFile.begin();
    this.started = (server) => {
      lifetime.add(server);
      this.runFile.add(server);
    };
    lifetime.onEnd(() => rmSync(this.home, { recursive: true, force: true }));
  }

  /** Started at the first call; later calls get the same ones. */
  services(): Promise<Services> {
    this.running ??= endKilledRuns().then(() =>
      startServices({
        home: this.home,
        secrets: this.secrets,
        allowedOrigin: '*',
        throwAway: true,
        gateway: new GatewayBuild(),
        storageDeadline: AbortSignal.timeout(storagePatienceMs),
        started: this.started,
      }),
    );
    return this.running;
  }

  /** A plain role's database; test roles may also clone databases. */
  async database(name: string, mayCreateDatabases = false): Promise<string> {
    const { postgres } = await this.services();
    return postgres.database({ name, password: this.secrets.postgresRole, database: name, mayCreateDatabases });
  }

  /** Builds, migrates and starts everything, on a database and a Redis number of its own. */
  async stack(notes: StepNotes): Promise<AppsOptions> {
    const [services] = await Promise.all([this.services(), buildServers(), buildConsole(notes)]);
    const options: AppsOptions = {
      home: this.home,
      secrets: this.secrets,
      services: { ...services, redis: { ...services.redis, url: `${services.redis.url}/1` } },
      databaseUrl: await this.database('scani'),
      ports: await choosePorts(true),
      liveProviders: false,
      // So that all pages are there.
      env: { CLOUD_MANAGEMENT_ENABLED: 'true' },
      started: this.started,
    };
    await scani(['migrate', 'up'], options, notes);
    await startApps(options);
    await scani(['demo'], options, notes);
    return options;
  }
}

/** A run that was killed could not clean up after itself: its servers are ended and its data removed. */
async function endKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const home = join(tmpdir(), name);
    const run = new RunFile(home);
    if (!run.exists() || run.current()) continue;
    await run.clear();
    rmSync(home, { recursive: true, force: true });
  }
}
