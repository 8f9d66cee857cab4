import { expect, test } from 'vitest';
import { type CheckResult, type ReadinessCheck, runChecks } from './health.js';

const stateOf = async (check: ReadinessCheck): Promise<unknown> => (await runChecks([check]))[0]?.state;

test('silence and failure mean what a check says that they mean, and down unless it says so', async () => {
  const silent = { check: () => new Promise<CheckResult>(() => undefined) };
  const failing = { check: () => Promise.reject(new Error('no')) };
  expect(await stateOf({ name: 'redis', lossMeans: 'degraded', ...silent })).toBe('degraded');
  expect(await stateOf({ name: 'redis', lossMeans: 'degraded', ...failing })).toBe('degraded');
  expect(await stateOf({ name: 'postgres', ...silent })).toBe('down');
  expect(await stateOf({ name: 'postgres', ...failing })).toBe('down');
});

test('a part that has gone silent is asked once, however often its readiness is', async () => {
  let asked = 0;
  const answers: ((result: CheckResult) => void)[] = [];
  const check: ReadinessCheck = {
    name: 'postgres',
    check: () => {
      asked += 1;
      return new Promise((resolve) => answers.push(resolve));
    },
  };
  expect(await Promise.all([stateOf(check), stateOf(check)])).toEqual(['down', 'down']);
  expect(await stateOf(check)).toBe('down');
  expect(asked).toBe(1);
  answers[0]?.({ state: 'ok' });
  const again = stateOf(check);
  await Promise.resolve();
  answers.at(-1)?.({ state: 'ok' });
  expect(await again).toBe('ok');
});
