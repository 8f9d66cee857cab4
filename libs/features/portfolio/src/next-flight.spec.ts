import { expect, test } from 'vitest';
import { NextFlight } from './next-flight.js';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test('an answer is never older than the moment at which it was asked for, and shared by those who wait', async () => {
  let [now, asked] = [1, 0];
  const flights = new NextFlight<number>();
  const ask = (): Promise<number> =>
    flights.ask('a', async () => {
      asked += 1;
      const seen = now;
      await settled();
      return seen;
    });
  const first = ask();
  now = 2;
  const [second, third] = [ask(), ask()];
  expect(await Promise.all([first, second, third])).toEqual([1, 2, 2]);
  expect(asked).toBe(2);
  now = 3;
  expect(await ask()).toBe(3);
});

test('a failure is told to those who asked, and not to the next', async () => {
  const flights = new NextFlight<string>();
  const failed = flights.ask('a', () => Promise.reject(new Error('gone')));
  const next = flights.ask('a', () => Promise.resolve('back'));
  await expect(failed).rejects.toThrow('gone');
  expect(await next).toBe('back');
});
