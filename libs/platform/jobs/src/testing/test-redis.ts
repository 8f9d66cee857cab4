/** A Redis database that no other test worker uses (Redis has 16; each vitest worker has a number). */
export function testRedisUrl(): string {
  const url = process.env['TEST_REDIS_URL'];
  if (!url) throw new Error('TEST_REDIS_URL is not set: run these tests with `npm test`, which starts the servers');
  return `${url}/${Number(process.env['VITEST_POOL_ID'] ?? 1) % 16}`;
}
