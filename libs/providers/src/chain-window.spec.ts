import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWindow, type Stream } from './chain-window.js';

interface Entry {
  readonly id: string;
  readonly block: number;
}

const MOST_IN_A_BLOCK = 9;

/** A list that is read by pages of a size. */
const streamOf = (entries: readonly Entry[], size: number): Stream<Entry> => ({
  positionOf: ({ block }) => block,
  read: (from, page) => {
    const records = entries.filter(({ block }) => block >= from).slice((page - 1) * size, page * size);
    return Promise.resolve({ records, full: records.length >= size });
  },
});

const lists = fc.array(fc.array(fc.nat({ max: 12 }), { maxLength: 40 }), { minLength: 1, maxLength: 3 }).map((each) =>
  each.map((blocks, list) =>
    blocks
      .toSorted((a, b) => a - b)
      .filter((block, at, all) => all.indexOf(block) > at - MOST_IN_A_BLOCK)
      .map((block, at): Entry => ({ id: `${list}-${at}`, block })),
  ),
);

test('windows tell every record of all lists once, whatever the size of a page, and never part of a block', async () => {
  await fc.assert(
    fc.asyncProperty(lists, fc.integer({ min: 1, max: 7 }), async (entries, size) => {
      const streams = entries.map((each) => streamOf(each, size));
      const told: Entry[][] = [];
      let from = 0;
      for (let more = true; more;) {
        const window = await readWindow('test', streams, from, () => true);
        expect(window.next).toBeGreaterThanOrEqual(from);
        if (window.more) expect(window.next).toBeGreaterThan(from - 1);
        told.push(window.records.flat());
        expect(window.records.flat().every(({ block }) => block >= from && (!window.more || block < window.next))).toBe(
          true,
        );
        from = window.next;
        more = window.more;
      }
      const ids = told.flat().map(({ id }) => id);
      expect(ids.toSorted()).toEqual(
        entries
          .flat()
          .map(({ id }) => id)
          .toSorted(),
      );
    }),
  );
});

test('what is young is read again, and nothing before it', async () => {
  const entries = [1, 5, 7, 7, 9].map((block, at) => ({ id: String(at), block }));
  const window = await readWindow('test', [streamOf(entries, 100)], 0, ({ block }) => block < 7);
  expect([window.next, window.more]).toEqual([7, false]);
  expect((await readWindow('test', [streamOf([], 100)], 42, () => true)).next).toBe(42);
});

test('a block that never ends is given up', async () => {
  const endless = streamOf(
    Array.from({ length: 1_000 }, (_, at) => ({ id: String(at), block: 3 })),
    10,
  );
  await expect(readWindow('test', [endless], 3, () => true)).rejects.toMatchObject({ code: 'not-covered' });
});
