/**
 * - `missing-bucket`: the store answers, but S3_BUCKET is not there
 * - `missing-object`: there is nothing under that key
 * - `denied`: the keys are wrong, absent, or may not do this
 * - `unreachable`: nothing answers at S3_ENDPOINT in time
 * - `failed`: the store refused for another reason
 */
export type StorageErrorCode = 'missing-bucket' | 'missing-object' | 'denied' | 'unreachable' | 'failed';

/** One clear message per cause; `cause` is what the SDK threw. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly code: StorageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

interface SdkError {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

const networkNames = new Set(['TimeoutError', 'NetworkingError', 'AggregateError', 'AbortError']);
const deniedNames = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AccessDenied',
  'CredentialsProviderError',
  // versitygw's word for an unknown access key; it comes with a 404.
  'XAdminUserNotFound',
]);
const missingNames = new Set(['NoSuchKey', 'NotFound', '']);

/** What the SDK threw, in our words. `about` says whether a bare 404 (HEAD has no body) is the bucket's or the object's. */
export function storageError(
  thrown: unknown,
  about: { endpoint: string; bucket: string; key: string | null },
): StorageError {
  const error = (thrown ?? {}) as SdkError;
  const status = error.$metadata?.httpStatusCode;
  const name = error.name ?? '';
  const options = { cause: thrown };
  const noBucket = `The bucket ${about.bucket} does not exist at ${about.endpoint}; it must be made beforehand (S3_BUCKET).`;
  if (name === 'NoSuchBucket') return new StorageError('missing-bucket', noBucket, options);
  if (deniedNames.has(name) || status === 401 || status === 403) {
    const why = name === 'CredentialsProviderError' ? 'there are no credentials' : name || `status ${status}`;
    const message = `${about.endpoint} refuses access to the bucket ${about.bucket} (${why}): check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.`;
    return new StorageError('denied', message, options);
  }
  if (status === 404 && missingNames.has(name)) {
    return about.key === null
      ? new StorageError('missing-bucket', noBucket, options)
      : new StorageError('missing-object', `There is no object ${about.key} in the bucket ${about.bucket}.`, options);
  }
  if (status === undefined && (error.code !== undefined || networkNames.has(name))) {
    const message = `The object storage at ${about.endpoint} cannot be reached (${error.code ?? name}).`;
    return new StorageError('unreachable', message, options);
  }
  return new StorageError('failed', `The object storage refused: ${error.message ?? String(thrown)}`, options);
}
