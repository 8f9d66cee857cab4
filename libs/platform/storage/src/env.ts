import { type EnvOf, fragment, liveOf, optional, text, url } from '@scani/runtime';

const storageFields = {
  S3_ENDPOINT: optional(
    url({
      description: 'Where the S3-compatible store answers. Without it originals of uploads are not kept.',
      example: 'https://s3.eu-central-1.amazonaws.com',
    }),
  ),
  S3_PUBLIC_ENDPOINT: optional(
    url({
      description: 'The same store as browsers reach it; S3_ENDPOINT unless set.',
      example: 'https://files.example.com',
    }),
  ),
  S3_ACCESS_KEY_ID: optional(
    text({ description: 'Left out where the machine has a role of its own (instance role, IRSA).', secret: true }),
  ),
  S3_SECRET_ACCESS_KEY: optional(text({ description: 'Belongs to S3_ACCESS_KEY_ID.', secret: true })),
  S3_BUCKET: optional(text({ description: 'The bucket; it must exist beforehand.', example: 'scani' })),
  S3_REGION: text({ description: 'Region of the bucket; most stores other than AWS take any.', default: 'us-east-1' }),
};

const PAIRS = [
  ['S3_BUCKET', 'S3_ENDPOINT'],
  ['S3_ENDPOINT', 'S3_BUCKET'],
  ['S3_SECRET_ACCESS_KEY', 'S3_ACCESS_KEY_ID'],
  ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
] as const;

export const storageEnv = fragment('storage', storageFields, (env) =>
  PAIRS.filter(([missing, present]) => !env[missing] && env[present]).map(
    ([missing, present]) => `${missing} is not set, although ${present} is`,
  ),
);

export interface StorageSettings {
  endpoint: string;
  publicEndpoint: string;
  bucket: string;
  region: string;
  /** Null: the default chain of the AWS SDK finds credentials. Read for every request, so that they may change. */
  keys: { accessKeyId: string; secretAccessKey: string } | null;
}

/** Null when this deployment has no object storage. */
export function storageSettings(env: EnvOf<readonly [typeof storageEnv]>): StorageSettings | null {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret } = env;
  if (!endpoint || !bucket) return null;
  return {
    endpoint,
    publicEndpoint: env.S3_PUBLIC_ENDPOINT ?? endpoint,
    bucket,
    region: env.S3_REGION,
    keys: id && secret ? liveKeys(env, id, secret) : null,
  };
}

function liveKeys(env: EnvOf<readonly [typeof storageEnv]>, id: string, secret: string): StorageSettings['keys'] {
  const [liveId, liveSecret] = [liveOf(env, 'S3_ACCESS_KEY_ID'), liveOf(env, 'S3_SECRET_ACCESS_KEY')];
  return {
    get accessKeyId() {
      return liveId.current ?? id;
    },
    get secretAccessKey() {
      return liveSecret.current ?? secret;
    },
  };
}
