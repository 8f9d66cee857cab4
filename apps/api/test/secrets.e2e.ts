import { CloudClient } from '@scani/cloud';
import { testDatabase, type TestDatabase } from '@scani/database/testing';
import { testRedisUrl } from '@scani/jobs/testing';
import { readEnv, watchSecrets } from '@scani/runtime';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
/* eslint-disable @nx/enforce-module-boundaries -- the api asks a real data-provider */
import { createDataProvider } from '../../data-provider/src/data-provider.app.js';
import { readSettings } from '../../data-provider/src/env.js';
/* eslint-enable @nx/enforce-module-boundaries */
import { createApi } from '../src/app.js';
import { apiEnv } from '../src/env.js';

let databases: [TestDatabase, TestDatabase];
beforeAll(async () => {
  databases = [await testDatabase(), await testDatabase()];
});
afterAll(() => Promise.all(databases.map((db) => db.drop())));

/** As kubelet mounts and replaces a Secret: a folder per version behind one link. */
function mounted(version: string, mount: string, contents: Record<string, string>): void {
  mkdirSync(join(mount, version));
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(mount, version, name), content);
  symlinkSync(version, join(mount, '..data_tmp'));
  renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
}

test('the api takes a database and a key from a Secret that is swapped under it, without a restart', async () => {
  const provider = await createDataProvider(
    readSettings({
      DATA_PROVIDER_API_KEY: 'the-second-key-of-this-house',
      LOG_ID_PEPPER: 'a-pepper-for-the-tests',
      LOG_LEVEL: 'silent',
    }),
  );
  await provider.listen(0, '127.0.0.1');
  const mount = mkdtempSync(join(tmpdir(), 'scani-mount-'));
  const [first, second] = databases;
  mounted('..1', mount, { DATABASE_URL: first.url, SCANI_CLOUD_API_KEY: 'the-first-key-of-this-house' });
  const env = readEnv(apiEnv, {
    DATABASE_URL_FILE: join(mount, '..data', 'DATABASE_URL'),
    SCANI_CLOUD_API_KEY_FILE: join(mount, '..data', 'SCANI_CLOUD_API_KEY'),
    POSTGRES_POOL_MAX: '2',
    REDIS_URL: testRedisUrl(),
    SCANI_CLOUD_URL: await provider.getUrl(),
    BETTER_AUTH_SECRET: 'a-secret-for-the-tests-of-32-chars',
    ENCRYPTION_KEY: 'ab'.repeat(32),
    LOG_ID_PEPPER: 'a-pepper-for-the-tests',
    LOG_LEVEL: 'fatal',
  });
  const api = await createApi(env);
  const stop = watchSecrets(env, { everyMs: 10, log: { log: () => undefined, warn: () => undefined } });
  await api.listen(0, '127.0.0.1');
  const ready = async () => (await fetch(`${await api.getUrl()}/readyz`)).status;
  const cloud = api.get(CloudClient);
  expect(await ready()).toBe(200);
  await expect(cloud.capabilities()).rejects.toMatchObject({ code: 'unauthorized' });

  mounted('..2', mount, { DATABASE_URL: second.url, SCANI_CLOUD_API_KEY: 'the-second-key-of-this-house' });
  rmSync(join(mount, '..1'), { recursive: true });
  const canDo = () =>
    cloud.capabilities().then(
      () => true,
      () => false,
    );
  while (!(await canDo())) await pause(10);
  // Nobody can be connected to what is not there: the second answers from now on.
  const gone = new URL(first.url).pathname.slice(1);
  await second.source.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [gone]);
  const moved = async () =>
    (
      (await second.source.query(
        `select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'scani-api'`,
      )) as { count: number }[]
    )[0]?.count ?? 0;
  while ((await moved()) === 0) await ready();
  expect(await ready()).toBe(200);
  stop();
  await api.close();
  await provider.close();
});
