/** What an installation stands on, in a namespace of its own; two databases, so that there can be two releases. */
export const PASSWORD = 'of-the-database';

const service = (name: string, port: number): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'data' },
  spec: { selector: { app: name }, ports: [{ port }] },
});

const pod = (name: string, image: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'data', labels: { app: name } },
  spec: { containers: [{ name, image, imagePullPolicy: 'Never', ...more }] },
});

export const namespace = (name: string, labels: Record<string, string> = {}): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

export const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

export function dataServices(images: { postgres: string; redis: string }): object {
  const ready = { exec: { command: ['pg_isready', '--host=127.0.0.1', '--username=postgres'] }, periodSeconds: 1 };
  const env = [{ name: 'POSTGRES_PASSWORD', value: PASSWORD }];
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      namespace('data'),
      pod('postgres', images.postgres, { env, readinessProbe: ready }),
      service('postgres', 5432),
      pod('redis', images.redis),
      service('redis', 6379),
    ],
  };
}

const url = (database: string): string => `postgres://postgres:${PASSWORD}@postgres.data:5432/${database}`;

export function settings(database: string): Record<string, string> {
  return {
    DATABASE_URL: url(database),
    REDIS_URL: 'redis://redis.data:6379',
    BETTER_AUTH_SECRET: 'ab'.repeat(32),
    ENCRYPTION_KEY: 'cd'.repeat(32),
    LOG_ID_PEPPER: 'ef'.repeat(16),
    SCANI_CLOUD_API_KEY: '01'.repeat(16),
    DATA_PROVIDER_API_KEY: '01'.repeat(16),
  };
}

export const secret = (name: string, namespaceOf: string, values: Record<string, string>): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: namespaceOf },
  stringData: values,
});

export const otherDatabase = url;
