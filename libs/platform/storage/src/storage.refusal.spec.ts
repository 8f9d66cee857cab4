import { expect, test } from 'vitest';
import { StorageError } from './storage.error.js';
import { storageAway } from './storage.refusal.js';

test.each(['unreachable', 'missing-bucket', 'denied', 'failed'] as const)(
  'a store that is %s is 503 for people, and its address is not told',
  (code) => {
    const refusal = storageAway(new StorageError(code, 'The object storage at http://10.0.0.7:9000 …'));
    expect(refusal).toMatchObject({ status: 503, code: `storage-${code}` });
    expect(refusal?.detail).not.toContain('10.0.0.7');
  },
);

test('a file that is gone is 404, and what is no failure of the store is not explained', () => {
  expect(storageAway(new StorageError('missing-object', 'x'))).toMatchObject({ status: 404, code: 'file-gone' });
  expect(storageAway(new Error('x'))).toBeUndefined();
});
