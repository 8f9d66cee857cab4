import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { JobQueue } from '@scani/jobs';
import { rowOf } from '@scani/database';
import { ObjectStore, type StorageSettings } from '@scani/storage';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixture } from '../testing/fixture.js';
import { ImportBench } from '../testing/import-bench.js';
import { cleanUploads } from './clean-uploads.job.js';

const endpoint = process.env['TEST_S3_ENDPOINT'];
const keys = {
  accessKeyId: process.env['TEST_S3_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: process.env['TEST_S3_SECRET_ACCESS_KEY'] ?? '',
};

let bench: ImportBench;
let me: string;

async function begin(storage: StorageSettings | null): Promise<void> {
  bench = await ImportBench.start(storage);
  bench.work();
  me = await bench.person();
}
afterEach(() => bench.close());

async function clean(): Promise<void> {
  const id = await new JobQueue().ask(bench.db.source, cleanUploads, {});
  const state = async () =>
    (await rowOf<{ state: string }>(bench.db.source, 'select state from job where id = $1', [id]))?.state;
  while ((await state()) !== 'completed') await pause(20);
}

const uploadCount = async (): Promise<number> =>
  (await rowOf<{ count: number }>(bench.db.source, 'select count(*)::int as count from upload'))?.count ?? -1;

describe('without object storage', () => {
  beforeEach(() => begin(null));

  test('files that no import used go after a day, and no sooner; those that one waits with stay', async () => {
    const account = await bench.account(me);
    const { id } = await bench.send(me, account, fixture('revolut.csv'));
    await bench.settled(me, id);
    const unused = await bench.uploads.create(me, { fileName: 'a.csv', size: 1, contentType: 'text/csv' });
    await clean();
    expect(await uploadCount()).toBe(2);
    await bench.db.source.query(`update upload set created_at = now() - interval '25 hours'`);
    await clean();
    expect(await uploadCount()).toBe(1);
    expect(await rowOf(bench.db.source, 'select 1 from upload where id = $1', [unused.id])).toBeUndefined();
    expect(await rowOf(bench.db.source, 'select 1 from upload where content is not null')).toBeDefined();
  });
});

/** `npm test` sets no endpoint where no S3 server can be had, and says so. */
describe.skipIf(!endpoint)('with object storage', () => {
  const settings: StorageSettings = {
    endpoint: endpoint ?? '',
    publicEndpoint: endpoint ?? '',
    bucket: `imports-${randomUUID()}`,
    region: 'us-east-1',
    keys,
  };

  beforeEach(async () => {
    const client = new S3Client({
      endpoint: settings.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: keys,
    });
    await client.send(new CreateBucketCommand({ Bucket: (settings.bucket = `imports-${randomUUID()}`) }));
    client.destroy();
    await begin(settings);
  });

  const keyOf = async (): Promise<string> =>
    (await rowOf<{ storage_key: string }>(bench.db.source, 'select storage_key from upload'))?.storage_key ?? '';

  test('the file goes to the store by a link of its own and stays there after it has been recorded', async () => {
    const account = await bench.account(me);
    const text = 'Date,Amount,Text\n2026-01-01,1.00,x\n2026-01-02,-2.50,y\n';
    const done = await bench.record(me, account, text);
    expect(done).toMatchObject({ state: 'recorded', keepsOriginal: true, counts: { recorded: 2 } });
    expect(await rowOf(bench.db.source, 'select content from upload')).toEqual({ content: null });
    const store = new ObjectStore(settings);
    expect(await store.head(await keyOf())).toMatchObject({ size: text.length });
    store.close();
  });

  test('a file that has not arrived is not imported, and one that is too large gets no link', async () => {
    const account = await bench.account(me);
    const upload = await bench.uploads.create(me, { fileName: 'a.csv', size: 4, contentType: 'text/csv' });
    await expect(bench.imports.create(me, { accountId: account, uploadId: upload.id })).rejects.toMatchObject({
      code: 'upload-incomplete',
    });
    await expect(bench.uploads.receive(me, upload.id, Buffer.from('abcd'))).rejects.toMatchObject({
      code: 'upload-elsewhere',
    });
    const large = bench.uploads.create(me, { fileName: 'a.csv', size: 50_000_001, contentType: 'text/csv' });
    await expect(large).rejects.toMatchObject({ code: 'file-too-large', facts: { largestBytes: 50_000_000 } });
  });

  test('a file that is gone from the store fails with what to do', async () => {
    const account = await bench.account(me);
    await bench.rest();
    const { id } = await bench.send(me, account, fixture('revolut.csv'));
    const store = new ObjectStore(settings);
    await store.delete(await keyOf());
    store.close();
    bench.work();
    expect(await bench.settled(me, id)).toMatchObject({ state: 'failed', error: { code: 'file-gone' } });
  });

  test('the file of a discarded import leaves the store', async () => {
    const account = await bench.account(me);
    const { id } = await bench.send(me, account, fixture('revolut.csv'));
    await bench.settled(me, id);
    const key = await keyOf();
    await bench.imports.discard(me, id);
    await clean();
    const store = new ObjectStore(settings);
    expect(await store.head(key)).toBeNull();
    store.close();
    expect(await bench.imports.get(me, id)).toMatchObject({ state: 'discarded', keepsOriginal: false });
  });
});
