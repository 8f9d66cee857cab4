import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CloudModule } from '@scani/cloud';
import { rowOf, rowsOf } from '@scani/database';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { connectRedis, EventPublisher, JobHost, JobsModule, type RedisClient } from '@scani/jobs';
import { testRedisUrl } from '@scani/jobs/testing';
import { EFFECTIVE_TRANSACTION } from '@scani/ledger';
import { StorageModule, type StorageSettings } from '@scani/storage';
import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { ImportJobs } from '../import.jobs.js';
import { ImportsHttp, ImportsJobs } from '../imports.module.js';
import type { CreateImport, Import, ImportState, RowState } from '../imports/imports.dto.js';
import { ImportsService } from '../imports/imports.service.js';
import { PositionsService } from '../positions/positions.service.js';
import { UploadsService } from '../uploads/uploads.service.js';

const RESTING: ReadonlySet<ImportState> = new Set([
  'needs-mapping',
  'to-review',
  'recorded',
  'failed',
  'discarded',
  'undone',
]);

/** The imports of one installation on a database and a Redis of their own, with a worker that can be started and stopped. */
export class ImportBench {
  private host: JobHost | undefined;
  private constructor(
    readonly db: TestDatabase,
    private readonly module: TestingModule,
    private readonly redis: RedisClient,
  ) {}

  /** Without a data-provider nothing listens where it should be: statements need none. */
  static async start(storage: StorageSettings | null = null, cloud = 'http://127.0.0.1:9'): Promise<ImportBench> {
    const db = await testDatabase();
    const redis = connectRedis(testRedisUrl(), 'worker');
    await redis.flushdb();
    @Global()
    @Module({ providers: [{ provide: DataSource, useValue: db.source }], exports: [DataSource] })
    class Database {}
    const module = await Test.createTestingModule({
      imports: [
        Database,
        JobsModule.register(testRedisUrl(), 'test'),
        CloudModule.register({ SCANI_CLOUD_URL: cloud, SCANI_CLOUD_API_KEY: 'unused' }),
        StorageModule.register(storage),
        ImportsHttp,
        ImportsJobs,
      ],
    }).compile();
    return new ImportBench(db, module, redis);
  }

  get imports(): ImportsService {
    return this.module.get(ImportsService);
  }
  get positions(): PositionsService {
    return this.module.get(PositionsService, { strict: false });
  }
  get uploads(): UploadsService {
    return this.module.get(UploadsService);
  }

  work(): void {
    const jobs = this.module.get(ImportJobs).handlers();
    const events = this.module.get(EventPublisher);
    this.host = new JobHost({
      source: this.db.source,
      redis: this.redis,
      events,
      jobs,
      concurrency: 4,
      drainMs: 20_000,
    });
    this.host.start();
  }

  async rest(): Promise<void> {
    await this.host?.drain();
    this.host = undefined;
  }

  async close(): Promise<void> {
    await this.rest();
    await this.module.close();
    this.redis.disconnect();
    await this.db.drop();
  }

  async person(): Promise<string> {
    const id = randomUUID();
    await this.db.source.query(`insert into users (id, email, role) values ($1, $2, 'owner')`, [
      id,
      `${id}@example.org`,
    ]);
    return id;
  }

  async account(userId: string, currency = 'EUR'): Promise<string> {
    const id = randomUUID();
    await this.db.source.query(
      `with bank as (insert into institution (id, user_id, name, kind) values ($4, $2, $4::uuid::text, 'bank') returning id)
       insert into account (id, user_id, institution_id, name, kind, currency)
       select $1, $2, bank.id, 'Everyday', 'asset', $3 from bank`,
      [id, userId, currency, randomUUID()],
    );
    return id;
  }

  /** Hands a file in, as a browser does, and asks for its import. */
  async send(
    userId: string,
    accountId: string,
    content: string | Buffer,
    fileName = 'statement.csv',
    more: Pick<CreateImport, 'readByAi' | 'seenAt'> = {},
  ): Promise<Import> {
    const bytes = Buffer.from(content);
    const upload = await this.uploads.create(userId, { fileName, size: bytes.length, contentType: 'text/csv' });
    if (upload.keepsOriginal) {
      const answer = await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: bytes });
      if (!answer.ok) throw new Error(`the store refused: ${answer.status} ${await answer.text()}`);
    } else {
      await this.uploads.receive(userId, upload.id, bytes);
    }
    return this.imports.create(userId, { accountId, uploadId: upload.id, ...more });
  }

  /** Waits until the import needs a person, or nothing any more. */
  async settled(userId: string, id: string): Promise<Import> {
    for (;;) {
      const now = await this.imports.get(userId, id);
      if (RESTING.has(now.state)) return now;
      await pause(20);
    }
  }

  /** From the file to the ledger; a CSV with its suggested mapping. */
  async record(userId: string, accountId: string, content: string | Buffer): Promise<Import> {
    const { id } = await this.send(userId, accountId, content);
    const read = await this.settled(userId, id);
    if (read.state === 'needs-mapping' && read.sample) {
      await this.imports.map(userId, id, read.sample.suggestion);
      await this.settled(userId, id);
    }
    await this.imports.confirm(userId, id);
    return this.settled(userId, id);
  }

  /** Takes an import back. */
  async undo(userId: string, id: string): Promise<Import> {
    await this.imports.undo(userId, id);
    return this.settled(userId, id);
  }

  async rows(userId: string, id: string, state?: RowState): Promise<{ line: number; problem: string | null }[]> {
    return (await this.imports.rows(userId, id, { limit: 200, ...(state ? { state } : {}) })).items;
  }

  /** Quantities of an account in the order of time, without what was taken back. */
  async ledger(accountId: string): Promise<string[]> {
    const rows = await rowsOf<{ quantity: string }>(
      this.db.source,
      `select quantity from transaction join holding on holding.id = transaction.holding_id
       where account_id = $1 and kind <> 'opening-balance' and ${EFFECTIVE_TRANSACTION} order by occurred_at, sequence`,
      [accountId],
    );
    return rows.map(({ quantity }) => quantity);
  }

  async balance(accountId: string, currency = 'EUR'): Promise<string | undefined> {
    const row = await rowOf<{ balance: string }>(
      this.db.source,
      'select balance from holding join asset on asset.id = asset_id where account_id = $1 and symbol = $2',
      [accountId, currency],
    );
    return row?.balance;
  }
}
