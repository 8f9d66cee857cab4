import { type Live } from '@scani/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDataSource } from './data-source.js';
import { testDatabase, type TestDatabase } from './testing/test-database.js';

let first: TestDatabase;
let second: TestDatabase;
beforeAll(async () => {
  [first, second] = [await testDatabase(), await testDatabase()];
});
afterAll(() => Promise.all([first.drop(), second.drop()]));

// The role of the tests may make no other roles, so what tells the connections apart is the database.
test('new connections of a pool are made from the URL as it is then, the ones before it live on', async () => {
  const url = { current: first.url };
  const live: Live<string> = {
    get current() {
      return url.current;
    },
    onChange: () => undefined,
  };
  const source = await createDataSource({ url: live, poolMax: 1, applicationName: 'scani-live' }).initialize();
  const where = async () => ((await source.query('select current_database() as at')) as { at: string }[])[0]?.at;
  const [one, other] = [first.url, second.url].map((text) => new URL(text).pathname.slice(1));
  try {
    expect(await where()).toBe(one);
    const wrong = new URL(second.url);
    wrong.password = 'wrong';
    url.current = wrong.toString();
    expect(await where()).toBe(one);

    const end = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'scani-live' and datname = $1`;
    await second.source.query(end, [one]);
    const refused = async () => where().then(String, (error: { code?: string }) => error.code);
    let said = await refused();
    // The lost connection is noticed at its next use, at the latest.
    while (said !== '28P01') said = await refused();
    url.current = second.url;
    expect(await where()).toBe(other);
  } finally {
    await source.destroy();
  }
});
