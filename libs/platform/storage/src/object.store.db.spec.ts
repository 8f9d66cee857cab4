import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StorageSettings } from './env.js';
import { ObjectStore } from './object.store.js';
import { StorageError } from './storage.error.js';

const endpoint = process.env['TEST_S3_ENDPOINT'];
const keys = {
  accessKeyId: process.env['TEST_S3_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: process.env['TEST_S3_SECRET_ACCESS_KEY'] ?? '',
};

/** `npm test` sets no endpoint where no S3 server can be had, and says so. */
describe.skipIf(!endpoint)('the object store, on a real S3 server', () => {
  const settings: StorageSettings = {
    endpoint: endpoint ?? '',
    publicEndpoint: (endpoint ?? '').replace('127.0.0.1', 'localhost'),
    bucket: `storage-${randomUUID()}`,
    region: 'us-east-1',
    keys,
  };
  const store = new ObjectStore(settings);
  const otherStore = (change: Partial<StorageSettings>) => new ObjectStore({ ...settings, ...change });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'no failure',
      (error: unknown) => (error instanceof StorageError ? error.code : `not a StorageError: ${String(error)}`),
    );

  beforeAll(async () => {
    const client = new S3Client({
      endpoint: settings.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: keys,
    });
    await client.send(new CreateBucketCommand({ Bucket: settings.bucket }));
    client.destroy();
  });
  afterAll(() => store.close());

  it('gives back what was put, byte for byte, with size and type', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 251));
    await store.put('a/b c/ü.bin', bytes, { contentType: 'application/x-test' });
    const { body, size, contentType } = await store.get('a/b c/ü.bin');
    expect(Buffer.compare(await buffer(body), bytes)).toBe(0);
    expect({ size, contentType }).toEqual({ size: 70_000, contentType: 'application/x-test' });
  });

  it('stores a stream whose size is known', async () => {
    await store.put('stream', Readable.from([Buffer.from('one,'), Buffer.from('two')]), {
      contentType: 'text/csv',
      size: 7,
    });
    expect((await buffer((await store.get('stream')).body)).toString()).toBe('one,two');
  });

  it('deletes, and a second time too', async () => {
    await store.put('gone', Buffer.from('x'), { contentType: 'text/plain' });
    await store.delete('gone');
    await store.delete('gone');
    expect(await store.head('gone')).toBeNull();
    expect(await codeOf(store.get('gone'))).toBe('missing-object');
  });

  describe('a presigned upload', () => {
    const body = 'date,amount\n2026-01-01,1.00\n';
    const presign = (key: string, expiresSeconds = 60) =>
      store.presignPut({ key, size: body.length, contentType: 'text/csv', expiresSeconds });
    const send = (to: { url: string; headers: Record<string, string> }, content: string, headers = to.headers) =>
      fetch(to.url, { method: 'PUT', body: content, headers });

    it('goes to the public endpoint and arrives', async () => {
      const to = await presign('up/ok.csv');
      expect(new URL(to.url).hostname).toBe('localhost');
      expect((await send(to, body)).status).toBe(200);
      expect(await store.head('up/ok.csv')).toEqual({ size: body.length, contentType: 'text/csv' });
    });

    it('is refused with another size', async () => {
      const to = await presign('up/size.csv');
      expect((await send(to, `${body}2026-01-02,2.00\n`)).status).toBe(403);
      expect((await send(to, body.slice(1))).status).toBe(403);
      expect(await store.head('up/size.csv')).toBeNull();
    });

    it('is refused with another type', async () => {
      const to = await presign('up/type.csv');
      expect((await send(to, body, { 'content-type': 'text/html' })).status).toBe(403);
      expect(await store.head('up/type.csv')).toBeNull();
    });

    it('is refused under another key', async () => {
      const to = await presign('up/mine.csv');
      const elsewhere = { ...to, url: to.url.replace('mine.csv', 'yours.csv') };
      expect((await send(elsewhere, body)).status).toBe(403);
    });

    it('is refused once it has expired', async () => {
      const to = await presign('up/late.csv', 1);
      await wait(2_100);
      expect((await send(to, body)).status).toBe(403);
      expect(await store.head('up/late.csv')).toBeNull();
    });
  });

  it('a presigned download names the file', async () => {
    await store.put('down', Buffer.from('hello'), { contentType: 'text/plain' });
    const url = await store.presignGet({ key: 'down', expiresSeconds: 60, fileName: 'Auszug März.csv' });
    const answer = await fetch(url);
    expect(await answer.text()).toBe('hello');
    expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''Auszug%20M%C3%A4rz.csv");
    const tampered = await fetch(url.replace('/down', '/stream'));
    expect(tampered.status).toBe(403);
    await tampered.body?.cancel();
  });

  it('takes keys that change while it runs', async () => {
    const changing = { accessKeyId: keys.accessKeyId, secretAccessKey: 'the-one-before' };
    const changed = otherStore({ keys: changing });
    expect(await codeOf(changed.ping())).toBe('denied');
    changing.secretAccessKey = keys.secretAccessKey;
    expect(await codeOf(changed.ping())).toBe('no failure');
    changed.close();
  });

  describe('says what is wrong', () => {
    it('nothing, when all is well', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });

    it('a missing bucket', async () => {
      const lost = otherStore({ bucket: `missing-${randomUUID()}` });
      expect(await codeOf(lost.ping())).toBe('missing-bucket');
      expect(await codeOf(lost.put('x', Buffer.from('x'), { contentType: 'text/plain' }))).toBe('missing-bucket');
      await expect(lost.ping()).rejects.toThrow('S3_BUCKET');
    });

    it('a wrong key and a wrong secret', async () => {
      const wrongSecret = otherStore({ keys: { ...keys, secretAccessKey: 'wrong' } });
      const wrongId = otherStore({ keys: { ...keys, accessKeyId: 'nobody' } });
      expect(await codeOf(wrongSecret.ping())).toBe('denied');
      expect(await codeOf(wrongId.put('x', Buffer.from('x'), { contentType: 'text/plain' }))).toBe('denied');
      await expect(wrongSecret.ping()).rejects.toThrow('S3_SECRET_ACCESS_KEY');
    });

    it('a store that nobody answers for', async () => {
      const nowhere = otherStore({ endpoint: 'http://127.0.0.1:1' });
      expect(await codeOf(nowhere.ping())).toBe('unreachable');
      await expect(nowhere.ping()).rejects.toThrow('http://127.0.0.1:1');
    });
  });
});
