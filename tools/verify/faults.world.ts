import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Server } from '../stack/processes.ts';
import { importState, stageImport, statement, upload } from './deeds.ts';
import type { PartName, World } from './faults.list.ts';
import { quick, type Parts } from './parts.ts';
import { Person } from './person.ts';
import { Product, type Running, within } from './product.ts';
import { Proxy, type Way } from './proxy.ts';

const ROLE = { name: 'scani', password: 'of-the-role', database: 'scani' };
const MAIL_PATIENCE_MS = 45_000;
const TOLD_MS = 45_000;

interface Part {
  proxy: Proxy;
  server: Server;
  /** Starts it again; the port that it has then. */
  again(): Promise<{ server: Server; port: number }>;
  stopSignal: 'graceful' | 'kill';
}

/** A whole installation of which every part can be lost: between the product and each stands a proxy of ours. */
export class FaultyWorld implements World {
  readonly product: Product;
  api!: Running;
  worker!: Running;
  me!: Person;
  account = '';
  private readonly parts: Parts;
  private readonly all: Map<PartName, Part>;
  private readonly mailApi: () => string;
  private readonly firstUrl: string;
  private postgresPort: number;
  private waiting: Person | undefined;
  private sent: { id: string } | undefined;
  private searchedAt = 0;
  readonly env: Record<string, string>;

  private constructor(
    parts: Parts,
    all: Map<PartName, Part>,
    product: Product,
    more: { directUrl: string; mailApi: () => string; env: Record<string, string> },
  ) {
    this.parts = parts;
    this.all = all;
    this.product = product;
    this.firstUrl = more.directUrl;
    this.postgresPort = Number(new URL(more.directUrl).port);
    this.mailApi = more.mailApi;
    this.env = more.env;
  }

  static async make(parts: Parts): Promise<FaultyWorld> {
    const postgres = await parts.postgres('postgres');
    const directUrl = await postgres.database(ROLE);
    const redis = await parts.plainRedis('redis');
    const s3 = await parts.storage('s3');
    let mail = await parts.mail();
    const outside = await parts.outsideWorld();
    const at = async (port: number): Promise<Proxy> => Proxy.to(port);
    const portOf = (url: string): number => Number(new URL(url).port);
    const proxies = {
      postgres: await at(postgres.port),
      redis: await at(redis.port),
      s3: await at(portOf(s3.endpoint)),
      mail: await at(portOf(mail.smtpUrl)),
      provider: await at(1),
    };
    const local = (proxy: Proxy): string => `http://127.0.0.1:${proxy.port}`;
    const product = new Product(parts, {
      SMTP_URL: `smtp://127.0.0.1:${proxies.mail.port}`,
      SMTP_FROM: 'Scani <scani@example.org>',
      ...outside,
    });
    const shared = { REDIS_URL: `redis://127.0.0.1:${proxies.redis.port}` };
    const provider = await product.start('data-provider', shared);
    proxies.provider.aim(portOf(provider.url));
    const database = new URL(directUrl);
    database.port = String(proxies.postgres.port);
    const env = {
      DATABASE_URL: database.toString(),
      POSTGRES_POOL_MAX: '5',
      ...shared,
      SCANI_CLOUD_URL: local(proxies.provider),
      S3_ENDPOINT: local(proxies.s3),
      S3_BUCKET: s3.bucket,
      S3_REGION: s3.region,
      S3_ACCESS_KEY_ID: s3.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    };
    const all = new Map<PartName, Part>([
      [
        'Postgres',
        {
          proxy: proxies.postgres,
          server: postgres.server,
          stopSignal: 'graceful',
          again: () => parts.postgres('postgres').then(({ server, port }) => ({ server, port })),
        },
      ],
      [
        'Redis',
        {
          proxy: proxies.redis,
          server: redis.server,
          stopSignal: 'kill',
          again: () => parts.plainRedis('redis').then(({ server, port }) => ({ server, port })),
        },
      ],
      [
        'S3',
        {
          proxy: proxies.s3,
          server: s3.server as Server,
          stopSignal: 'kill',
          again: () =>
            parts.storage('s3').then(({ server, endpoint }) => ({ server: server as Server, port: portOf(endpoint) })),
        },
      ],
      [
        'mail',
        {
          proxy: proxies.mail,
          server: mail.server,
          stopSignal: 'graceful',
          again: async () => {
            mail = await parts.mail();
            return { server: mail.server, port: portOf(mail.smtpUrl) };
          },
        },
      ],
      [
        'data-provider',
        {
          proxy: proxies.provider,
          server: provider.server,
          stopSignal: 'kill',
          again: () =>
            product.start('data-provider', shared).then(({ server, url }) => ({ server, port: portOf(url) })),
        },
      ],
    ]);
    return new FaultyWorld(parts, all, product, { directUrl, mailApi: () => mail.api, env });
  }

  /** Past the proxy, to count. */
  get directUrl(): string {
    const url = new URL(this.firstUrl);
    url.port = String(this.postgresPort);
    return url.toString();
  }

  newcomer(): Person {
    return new Person(() => this.api.url, this.mailApi);
  }

  async way(name: PartName, way: Way): Promise<void> {
    await this.part(name).proxy.set(way);
  }

  async stop(name: PartName): Promise<void> {
    const { server, proxy, stopSignal } = this.part(name);
    if (stopSignal === 'kill') server.kill('SIGKILL');
    await server.stop();
    await proxy.set('gone');
  }

  async start(name: PartName): Promise<void> {
    const part = this.part(name);
    const { server, port } = await part.again();
    part.server = server;
    if (name === 'Postgres') this.postgresPort = port;
    part.proxy.aim(port);
    await part.proxy.set('open');
  }

  freeze(name: PartName): void {
    for (const pid of family(this.part(name).server.pid)) process.kill(pid, 'SIGSTOP');
  }

  thaw(name: PartName): void {
    for (const pid of family(this.part(name).server.pid)) process.kill(pid, 'SIGCONT');
  }

  async flushRedis(): Promise<void> {
    const client = quick(this.env['REDIS_URL'] ?? '');
    await client.flushall();
    client.disconnect();
  }

  emptyStore(): void {
    rmSync(join(this.parts.home, 's3', 'objects', 'scani', 'uploads'), { recursive: true, force: true });
  }

  /** A statement that is read and waits to be confirmed. */
  async staged(rows: number): Promise<string> {
    return stageImport(this.me, this.account, statement(rows).text);
  }

  /** A file that has arrived, and of which nobody has made an import yet. */
  async sendFile(): Promise<void> {
    this.sent = await upload(this.me, statement(5).text);
  }

  readonly deeds: World['deeds'] = {
    challenge: async () => {
      this.waiting = this.newcomer();
      const { status, ms, text } = await this.waiting.post('/api/sign-in/challenges', { email: this.waiting.email });
      if (status !== 201 && status !== 200 && status !== 202)
        throw new Error(`sign-in ${status} ${text.slice(0, 120)}`);
      return `sign-in asked for: ${status} in ${ms} ms`;
    },
    signIn: async () => {
      const started = performance.now();
      if (this.waiting) await this.waiting.mailedCode(MAIL_PATIENCE_MS);
      const late = Math.round((performance.now() - started) / 100) / 10;
      const before = this.waiting ? `its mail came after ${late} s, ` : '';
      this.waiting = undefined;
      await this.newcomer().signIn(MAIL_PATIENCE_MS);
      return `${before}sign-in works`;
    },
    upload: async () => {
      const id = await stageImport(this.me, this.account, statement(3).text);
      return `an upload works (${(await importState(this.me, id, 1_000, 'to-review')).state})`;
    },
    uploadRefused: async () => {
      const refused = await this.deeds.sentBefore('storage-unreachable');
      const put = await Promise.race([
        upload(this.me, 'x').then(() => 'went through'),
        within(3_000, () => false).then(() => 'no answer'),
      ]).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      if (put === 'went through') throw new Error('a file was taken although the store is away');
      return refused;
    },
    sentBefore: async (...codes) => {
      const { status, body, ms } = await this.me.post('/api/imports', {
        accountId: this.account,
        uploadId: this.sent?.id,
      });
      const words = `import of a file: ${status} ${body.code ?? ''} in ${ms} ms`;
      if (!codes.includes(body.code ?? '') || ms > 10_000) throw new Error(words);
      return words;
    },
    search: () => this.search(false),
    found: () => this.search(true),
    told: async () => {
      let last: { purpose: string; at: string }[] = [];
      const took = await within(TOLD_MS, async () => {
        const path = '/api/admin/egress?limit=200&purpose=asset-search&process=data-provider';
        const { status, body } = await this.me.get<{ items: typeof last }>(path);
        if (status === 200) last = body.items;
        return last.some(({ at }) => Date.parse(at) >= this.searchedAt);
      });
      if (took === undefined) throw new Error(`what left meanwhile is not in the ledger: ${last[0]?.at ?? 'nothing'}`);
      return 'what left meanwhile is in the ledger';
    },
  };

  private async search(finds: boolean): Promise<string> {
    this.searchedAt = Date.now();
    const { status, body, ms } = await this.me.get<{ unavailable: string | null }>(
      `/api/asset-search?query=bitcoin${Date.now()}`,
    );
    const words = `search: ${status} in ${(ms / 1000).toFixed(1)} s`;
    if (status !== 200 || (body.unavailable === null) !== finds || ms > 13_000)
      throw new Error(`${words} ${JSON.stringify(body).slice(0, 120)}`);
    return words;
  }

  async close(): Promise<void> {
    for (const { proxy } of this.all.values()) await proxy.close();
  }

  private part(name: PartName): Part {
    const part = this.all.get(name);
    if (!part) throw new Error(`there is no ${name}`);
    return part;
  }
}

/** A process and all that it started; Postgres gives its children groups of their own. */
function family(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      parents.set(Number(name), Number(parent));
    } catch {
      // It ended meanwhile.
    }
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}
