import { CreateBucketCommand, HeadBucketCommand, PutBucketCorsCommand, S3Client } from '@aws-sdk/client-s3';
import process from 'node:process';
import { dockerServer } from './docker.ts';
import { folder } from './places.ts';
import { freePort } from './ports.ts';
import { Server, onPath } from './processes.ts';
import { Stop } from './screen.ts';
import { GatewayBuild, gatewayVersion } from './s3-build.ts';

export interface ObjectStorage {
  endpoint: string;
  publicEndpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  bucket: string;
  region: string;
  /** Absent when the server is somebody else's. */
  server?: Server;
  origin: string;
}

export interface StorageOptions {
  data: string;
  logFile: string;
  preferredPort: number;
  accessKeyId: string;
  secretAccessKey: string;
  bucket: string;
  /** The page that sends files straight to the store, so the store must let it. */
  allowedOrigin: string;
  throwAway?: boolean;
  started: (server: Server) => void;
}

const region = 'us-east-1';

/** The S3_* variables, else a server on PATH, else one built with Go, else docker, else none (null). */
export async function startStorage(options: StorageOptions, build: GatewayBuild): Promise<ObjectStorage | null> {
  const given = options.throwAway ? null : fromVariables();
  if (given) {
    await checkBucket(given, 'S3_BUCKET');
    return given;
  }
  const port = await freePort(options.preferredPort);
  const found = findServer(options, port, build.program());
  if (!found) return null;
  const endpoint = `http://127.0.0.1:${port}`;
  const { accessKeyId, secretAccessKey, bucket } = options;
  const storage = { endpoint, publicEndpoint: endpoint, accessKeyId, secretAccessKey, bucket, region, ...found };
  options.started(found.server);
  await found.server.ready(
    () => ensureBucket(storage, options.allowedOrigin),
    found.origin.startsWith('docker') ? 180_000 : 20_000,
  );
  return storage;
}

function fromVariables(): ObjectStorage | null {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket } = process.env;
  if (!endpoint || !bucket) return null;
  return {
    endpoint,
    publicEndpoint: process.env['S3_PUBLIC_ENDPOINT'] ?? endpoint,
    accessKeyId: process.env['S3_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: process.env['S3_SECRET_ACCESS_KEY'] ?? '',
    bucket,
    region: process.env['S3_REGION'] ?? region,
    origin: 'S3_ENDPOINT',
  };
}

function findServer(options: StorageOptions, port: number, built: string | null) {
  const { accessKeyId, secretAccessKey, logFile } = options;
  const minio = onPath('minio');
  if (minio) {
    const env = { MINIO_ROOT_USER: accessKeyId, MINIO_ROOT_PASSWORD: secretAccessKey };
    const args = ['server', '--quiet', '--address', `127.0.0.1:${port}`, folder(options.data, 'minio')];
    return { origin: minio, server: new Server({ name: 'S3', command: minio, args, env, logFile }) };
  }
  const gateway = onPath('versitygw') ?? built;
  if (gateway) {
    const env = { ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey };
    const args = [
      '--port',
      `127.0.0.1:${port}`,
      '--quiet',
      'posix',
      '--sidecar',
      folder(options.data, 'metadata'),
      folder(options.data, 'objects'),
    ];
    return { origin: gateway, server: new Server({ name: 'S3', command: gateway, args, env, logFile }) };
  }
  if (dockerServer.available()) {
    const image = `versity/versitygw:${gatewayVersion}`;
    const server = dockerServer({
      name: 'S3',
      image,
      port,
      innerPort: 7070,
      volume: { from: folder(options.data), to: '/data' },
      env: { ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey },
      args: ['--port', ':7070', 'posix', '--sidecar', '/data/metadata', '/data/objects'],
      logFile,
    });
    folder(options.data, 'metadata');
    folder(options.data, 'objects');
    return { origin: `docker, image ${image}`, server };
  }
  return null;
}

function clientOf(storage: ObjectStorage): S3Client {
  const { endpoint, accessKeyId, secretAccessKey } = storage;
  return new S3Client({
    endpoint,
    region: storage.region,
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    ...(accessKeyId ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  });
}

async function ensureBucket(storage: ObjectStorage, allowedOrigin: string): Promise<boolean> {
  const client = clientOf(storage);
  const Bucket = storage.bucket;
  try {
    const missing = await client.send(new HeadBucketCommand({ Bucket })).then(
      () => false,
      (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode === 404,
    );
    if (missing) await client.send(new CreateBucketCommand({ Bucket }));
    const rule = {
      AllowedOrigins: [allowedOrigin],
      AllowedMethods: ['PUT', 'GET'],
      AllowedHeaders: ['*'],
      ExposeHeaders: ['ETag'],
    };
    await client
      .send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }))
      .catch((error: Error) => {
        // MinIO lets every origin in and refuses this request.
        if (error.name !== 'NotImplemented') throw error;
      });
    return true;
  } finally {
    client.destroy();
  }
}

async function checkBucket(storage: ObjectStorage, variable: string): Promise<void> {
  const client = clientOf(storage);
  try {
    await client.send(new HeadBucketCommand({ Bucket: storage.bucket }));
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new Stop(`The bucket of ${variable} (${storage.bucket}) cannot be used at ${storage.endpoint}: ${why}`);
  } finally {
    client.destroy();
  }
}
