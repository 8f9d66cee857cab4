import { NotFound, type Refusal, Unavailable } from '@scani/runtime';
import { StorageError } from './storage.error.js';

const RETRY_SECONDS = 30;

/** What a failure of the object storage means for the person who asked; its address and bucket are the operator's business. */
export function storageAway(error: unknown): Refusal | undefined {
  if (!(error instanceof StorageError)) return undefined;
  if (error.code === 'missing-object') return new NotFound('file-gone', 'This file is not kept any more.');
  return new Unavailable(
    `storage-${error.code}`,
    error.code === 'unreachable'
      ? 'The file storage cannot be reached at the moment. Everything but files works; try again later.'
      : 'The file storage does not work. Everything but files does; who runs this installation finds the cause in its log.',
    error.code === 'unreachable' ? RETRY_SECONDS : undefined,
  );
}
