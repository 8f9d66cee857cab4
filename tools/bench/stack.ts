import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { apiAddress, type AppsOptions, choosePorts, scani, startApps } from '../stack/apps.ts';
import { buildServers } from '../stack/build.ts';
import type { Lifetime } from '../stack/lifetime.ts';
import { folder } from '../stack/places.ts';
import type { Server } from '../stack/processes.ts';
import { step } from '../stack/screen.ts';
import { keptSecrets } from '../stack/secrets.ts';
import { ThrowAway } from '../stack/throw-away.ts';

/** What a process has used up: CPU since it began, and the most memory since the peak was last forgotten. */
export interface Usage {
  cpuMs: number;
  peakBytes: number;
}

const TICKS_PER_SECOND = 100;

/** Real servers, a real api and a real worker, on data that is gone at the end. */
export class BenchStack {
  private readonly sessions = new Map<string, Promise<string>>();
  readonly api: string;
  private readonly servers: Record<'worker' | 'api', Server>;
  private readonly loops: string;
  private readonly options: AppsOptions;
  readonly pool: pg.Pool;

  private constructor(options: AppsOptions, servers: Record<'worker' | 'api', Server>, loops: string) {
    this.options = options;
    this.servers = servers;
    this.loops = loops;
    this.api = apiAddress(options.ports);
    this.pool = new pg.Pool({ connectionString: options.databaseUrl, max: 4 });
  }

  get databaseUrl(): string {
    return this.options.databaseUrl;
  }

  static async start(lifetime: Lifetime): Promise<BenchStack> {
    const throwAway = new ThrowAway(lifetime);
    const [services] = await Promise.all([throwAway.services(), step('Build', buildServers)]);
    const loops = join(throwAway.home, 'loops');
    mkdirSync(loops, { recursive: true });
    const options: AppsOptions = {
      home: throwAway.home,
      secrets: keptSecrets(throwAway.home),
      services,
      databaseUrl: await throwAway.database('scani'),
      ports: await choosePorts(true),
      liveProviders: false,
      env: {
        NODE_OPTIONS: `--import=${join(import.meta.dirname, 'loop-probe.mjs')}`,
        BENCH_LOOPS: loops,
        LOG_LEVEL: 'warn',
      },
      started: (server) => lifetime.add(server),
    };
    folder(options.home, 'logs');
    await step('Migrations', (notes) => scani(['migrate', 'up'], options, notes));
    const { api, worker } = await startApps(options);
    const stack = new BenchStack(options, { api, worker }, loops);
    // The servers end first; connections that rest meanwhile need not be mourned.
    stack.pool.on('error', () => undefined);
    lifetime.onEnd(() => void stack.pool.end());
    return stack;
  }

  /** Signs in by the mail that arrives, as a person does, once for all cases. Returns the cookie. */
  signIn(email: string): Promise<string> {
    const known = this.sessions.get(email) ?? this.signInByMail(email);
    this.sessions.set(email, known);
    return known;
  }

  private async signInByMail(email: string): Promise<string> {
    const post = (path: string, body: object): Promise<Response> =>
      fetch(`${this.api}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const { challengeId } = (await (await post('/api/sign-in/challenges', { email })).json()) as {
      challengeId: string;
    };
    for (let turn = 0; turn < 200; turn += 1) {
      const mails = (await (await fetch(`${this.options.services.mail.api}/email`)).json()) as {
        to: { address: string }[];
        text: string;
      }[];
      const mail = mails.findLast((one) => one.to.some((to) => to.address === email));
      const code = mail && /\b(\d{6}|\d{3} \d{3})\b/.exec(mail.text)?.[1];
      if (code) {
        const answer = await post('/api/sign-in/code', { challengeId, code: code.replace(' ', '') });
        if (!answer.ok) throw new Error(`sign-in failed: ${await answer.text()}`);
        return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
      }
      await pause(100);
    }
    throw new Error('no sign-in mail arrived');
  }

  /** Asks for a job as the product does, and waits for it. Returns how long it ran. */
  async job(name: string, key: string, payload: object): Promise<number> {
    // One that somebody else asked for already is as good.
    const { rows } = await this.pool.query<{ id: string }>(
      `with asked as (insert into job (id, name, key, title, payload) values (gen_random_uuid(), $1, $2, $1, $3)
         on conflict do nothing returning id)
       select id from asked
       union all select id from job where name = $1 and key = $2 and state in ('waiting', 'queued') limit 1`,
      [name, key, JSON.stringify(payload)],
    );
    for (;;) {
      const found = await this.pool.query<{ state: string; ms: number; error: unknown }>(
        `select state, extract(epoch from finished_at - started_at)::float8 * 1000 as ms, error from job where id = $1`,
        [rows[0]?.id],
      );
      const job = found.rows[0];
      if (job?.state === 'completed') return job.ms;
      if (job?.state === 'failed' || job?.state === 'cancelled')
        throw new Error(`${name}: ${JSON.stringify(job.error)}`);
      await pause(20);
    }
  }

  /** What a process has used up so far; `forget` makes its peak of memory start anew. */
  usage(which: 'worker' | 'api', forget = false): Usage {
    const { pid } = this.servers[which];
    if (forget) writeFileSync(`/proc/${pid}/clear_refs`, '5');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return {
      cpuMs: ((Number(stat[11]) + Number(stat[12])) * 1000) / TICKS_PER_SECOND,
      peakBytes: Number(peak) * 1024,
    };
  }

  /** The longest that the api's event loop kept a request waiting since an instant, ms. */
  loopDelay(which: 'worker' | 'api', since: number): { p99: number; max: number } {
    const seen = JSON.parse(readFileSync(join(this.loops, `${this.servers[which].pid}.json`), 'utf8')) as {
      at: number;
      p99: number;
      max: number;
    }[];
    const within = seen.filter((one) => one.at >= since);
    return { p99: Math.max(...within.map((one) => one.p99)), max: Math.max(...within.map((one) => one.max)) };
  }
}
