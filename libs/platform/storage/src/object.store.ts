import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Readable } from 'node:stream';
import type { StorageSettings } from './env.js';
import { StorageError, storageError } from './storage.error.js';

export interface ObjectFacts {
  /** Bytes. */
  size: number;
  contentType: string | null;
}

export interface PresignedPut {
  url: string;
  /** Must be sent exactly so: they are part of the signature. A browser adds Content-Length by itself. */
  headers: Record<string, string>;
}

const connectionTimeoutMs = 3_000;
const requestTimeoutMs = 30_000;
const KEYS_TRUSTED_MS = 60_000;
/** A question without a body, all tries together; somebody may be waiting for the answer. */
const QUESTION_MS = 8_000;

/** Files in an S3-compatible store. Every failure is a StorageError whose code names the cause. */
export class ObjectStore {
  private readonly client: S3Client;
  /** Signs only, so that links carry the address that browsers reach. */
  private readonly publicClient: S3Client;

  constructor(private readonly settings: StorageSettings) {
    this.client = clientFor(settings, settings.endpoint);
    this.publicClient =
      settings.publicEndpoint === settings.endpoint ? this.client : clientFor(settings, settings.publicEndpoint);
  }

  /** Stores an object under a key, replacing what was there. `size` in bytes is needed with a stream. */
  async put(key: string, body: Buffer | Readable, facts: { contentType: string; size?: number }): Promise<void> {
    const size = Buffer.isBuffer(body) ? body.length : facts.size;
    await this.asked(key, () =>
      this.client.send(
        new PutObjectCommand({ ...this.at(key), Body: body, ContentType: facts.contentType, ContentLength: size }),
      ),
    );
  }

  /** The object's bytes as a stream, which the caller must read or destroy. */
  async get(key: string): Promise<ObjectFacts & { body: Readable }> {
    const answer = await this.asked(key, () => this.client.send(new GetObjectCommand(this.at(key))));
    const body = answer.Body as Readable | undefined;
    if (!body) throw new StorageError('failed', `The object ${key} came without a body.`);
    return { body, size: answer.ContentLength ?? 0, contentType: answer.ContentType ?? null };
  }

  /** What is stored under the key, or null. */
  async head(key: string): Promise<ObjectFacts | null> {
    try {
      const answer = await this.asked(key, () => this.client.send(new HeadObjectCommand(this.at(key)), soon()));
      return { size: answer.ContentLength ?? 0, contentType: answer.ContentType ?? null };
    } catch (error) {
      if (error instanceof StorageError && error.code === 'missing-object') return null;
      throw error;
    }
  }

  /** Deletes; a key that is not there is no failure. */
  async delete(key: string): Promise<void> {
    await this.asked(key, () => this.client.send(new DeleteObjectCommand(this.at(key)), soon()));
  }

  /** A link with which a browser may store exactly this many bytes of this type under this key, for a while. */
  async presignPut(what: {
    key: string;
    size: number;
    contentType: string;
    expiresSeconds: number;
  }): Promise<PresignedPut> {
    const command = new PutObjectCommand({
      ...this.at(what.key),
      ContentType: what.contentType,
      ContentLength: what.size,
    });
    const url = await this.asked(what.key, () =>
      getSignedUrl(this.publicClient, command, {
        expiresIn: what.expiresSeconds,
        signableHeaders: new Set(['host', 'content-type', 'content-length']),
      }),
    );
    return { url, headers: { 'content-type': what.contentType } };
  }

  /** A link with which a browser may read the object for a while, saved under `fileName` when given. */
  async presignGet(what: { key: string; expiresSeconds: number; fileName?: string }): Promise<string> {
    const command = new GetObjectCommand({
      ...this.at(what.key),
      ...(what.fileName
        ? { ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(what.fileName)}` }
        : {}),
    });
    return this.asked(what.key, () => getSignedUrl(this.publicClient, command, { expiresIn: what.expiresSeconds }));
  }

  /** Throws unless the bucket is there and the keys open it. */
  async ping(): Promise<void> {
    await this.asked(null, () => this.client.send(new HeadBucketCommand({ Bucket: this.settings.bucket }), soon()));
  }

  /** Where browsers send files and fetch them: belongs into the page's Content-Security-Policy. */
  get publicOrigin(): string {
    return new URL(this.settings.publicEndpoint).origin;
  }

  close(): void {
    this.client.destroy();
    this.publicClient.destroy();
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.settings.bucket, Key: key };
  }

  private async asked<T>(key: string | null, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storageError(error, { ...this.settings, key });
    }
  }
}

const soon = (): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(QUESTION_MS) });

function clientFor({ region, keys }: StorageSettings, endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    region,
    // Host names per bucket need DNS that few stores other than AWS have.
    forcePathStyle: true,
    // The SDK's own checksums are unknown to several compatible stores.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
    // The SDK asks again for what says that it will expire soon, which is before every request.
    ...(keys
      ? {
          credentials: () =>
            Promise.resolve({
              accessKeyId: keys.accessKeyId,
              secretAccessKey: keys.secretAccessKey,
              expiration: new Date(Date.now() + KEYS_TRUSTED_MS),
            }),
        }
      : {}),
  });
}
