import { expect, test } from 'vitest';
import { envTable } from '../../../tools/chart/table.ts';
import {
  describeChart,
  type EnvVar,
  envNames,
  envOf,
  type KubeObject,
  manifest,
  only,
  podOf,
  podsOf,
  render,
  shapes,
} from './chart.js';

const sourceOf = (objects: readonly KubeObject[], component: string, name: string): EnvVar['valueFrom'] =>
  envOf(podOf(objects, component)).find((one) => one.name === name)?.valueFrom;

const secrets = new Set(envTable().flatMap((row) => (row.secret ? [row.name] : [])));
const withoutInline = shapes.filter((shape) => shape !== 'inline-dev');

describeChart('secrets', () => {
  test.each(withoutInline)('%s: no Secret is made, and no secret is anywhere but behind a reference', (shape) => {
    const objects = render({ shape });
    expect(objects.filter((object) => object.kind === 'Secret')).toEqual([]);
    for (const pod of podsOf(objects)) {
      expect(envOf(pod).filter(({ name, value }) => secrets.has(name) && value !== undefined)).toEqual([]);
      const said = pod.spec.containers.flatMap(({ args = [], command = [] }) => [...args, ...command]).join(' ');
      expect(said).not.toMatch(/postgres:|redis:|rediss:/);
      expect(pod.spec.containers.every(({ envFrom }) => envFrom === undefined || shape === 'everything')).toBe(true);
    }
  });

  test('the migration sees the database and nothing else', () => {
    for (const shape of shapes.filter((one) => !['prod', 'air-gap'].includes(one))) {
      const pod = podsOf(render({ shape })).find(({ component }) => component === 'migrate');
      if (pod) expect(envNames(pod)).toEqual(['DATABASE_URL', 'MIGRATION_DATABASE_URL']);
    }
  });

  test('the encryption key is one and the same in api and worker, and nowhere else', () => {
    for (const shape of shapes) {
      const objects = render({ shape });
      const key = sourceOf(objects, 'api', 'ENCRYPTION_KEY');
      expect(key?.secretKeyRef.key).toBeTruthy();
      expect(sourceOf(objects, 'worker', 'ENCRYPTION_KEY')).toEqual(key);
      const holders = podsOf(objects).filter((pod) => envNames(pod).some((name) => name.startsWith('ENCRYPTION_KEY')));
      expect(holders.map((pod) => pod.component).sort()).toEqual(['api', 'worker']);
    }
  });

  test('one variable may come from another Secret, everywhere', () => {
    const objects = render({ shape: 'job' });
    for (const component of ['api', 'worker', 'migrate', 'test-schema']) {
      expect(sourceOf(objects, component, 'DATABASE_URL')?.secretKeyRef).toEqual({ name: 'scani-db-app', key: 'uri' });
    }
    expect(sourceOf(objects, 'api', 'REDIS_URL')?.secretKeyRef.name).toBe('scani');
  });

  test('keys of a Secret may have other names', () => {
    const objects = render({ shape: 'minimal', set: { 'secrets.keys': { LOG_ID_PEPPER: 'pepper' } } });
    for (const component of ['api', 'worker', 'data-provider']) {
      expect(sourceOf(objects, component, 'LOG_ID_PEPPER')?.secretKeyRef).toEqual({ name: 'scani', key: 'pepper' });
    }
  });

  test('External Secrets makes what the processes of the tier need, and a Secret of its own for the migration', () => {
    type Spec = { data: { secretKey: string; remoteRef: { property: string } }[]; target: { name: string } };
    const specOf = (objects: readonly KubeObject[], component: string) =>
      only(objects, 'ExternalSecret', component).spec as unknown as Spec;
    const keysOf = (spec: Spec) => spec.data.map(({ secretKey }) => secretKey).sort();
    const always = [
      'BETTER_AUTH_SECRET',
      'DATABASE_URL',
      'ENCRYPTION_KEY',
      'LOG_ID_PEPPER',
      'REDIS_URL',
      'SCANI_CLOUD_API_KEY',
    ];
    const s3 = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'];

    const objects = render({ shape: 'externalsecret' });
    const runtime = specOf(objects, 'runtime');
    expect(keysOf(runtime)).toEqual(
      [...always, ...s3, 'COINGECKO_API_KEY', 'DATA_PROVIDER_API_KEY', 'ENCRYPTION_KEY_PREVIOUS', 'SMTP_URL'].sort(),
    );
    expect(runtime.data.find(({ secretKey }) => secretKey === 'REDIS_URL')?.remoteRef.property).toBe('redis');
    expect(runtime.target.name).toBe(sourceOf(objects, 'api', 'REDIS_URL')?.secretKeyRef.name);
    expect(keysOf(specOf(objects, 'migrate'))).toEqual(['DATABASE_URL']);
    expect(specOf(objects, 'migrate').target.name).toBe(
      sourceOf(objects, 'migrate', 'DATABASE_URL')?.secretKeyRef.name,
    );
    expect(objects.filter(({ kind }) => kind === 'ExternalSecret').map(({ apiVersion }) => apiVersion)).toEqual(
      Array(2).fill('external-secrets.io/v1'),
    );

    const hosted = { 'tier.mode': 'hosted', 'tier.cloudUrl': 'https://cloud.example.com', 'mail.from': '' };
    const tier2 = render({ shape: 'externalsecret', set: { ...hosted, 'secrets.externalSecret.optionalKeys': [] } });
    expect(keysOf(specOf(tier2, 'runtime'))).toEqual([...always, ...s3].sort());
    const pooled = render({ shape: 'externalsecret', set: { 'database.pooler': 'transaction' } });
    expect(keysOf(specOf(pooled, 'migrate'))).toEqual(['DATABASE_URL', 'MIGRATION_DATABASE_URL']);
  });

  test('where machines have a role, no key of the object store is asked for, and only api and worker have the role', () => {
    const text = manifest({ shape: 'workload-identity' });
    expect(text).not.toMatch(/S3_ACCESS_KEY_ID|S3_SECRET_ACCESS_KEY|AWS_(ACCESS|SECRET)/);
    expect(text).toContain('S3_BUCKET');
    const accounts = render({ shape: 'workload-identity' }).filter((object) => object.kind === 'ServiceAccount');
    const role = (object: KubeObject) => object.metadata.annotations?.['eks.amazonaws.com/role-arn']?.split('/').at(-1);
    expect(Object.fromEntries(accounts.map((object) => [object.metadata.name, role(object)]))).toEqual({
      'rel-scani-api': 'scani-files',
      'rel-scani-worker': 'scani-files',
      'rel-scani-data-provider': undefined,
      'rel-scani-console': undefined,
      'rel-scani-migrate': 'scani-ddl',
    });
  });

  test('a new rollout token rolls who has secrets, and changes nothing else', () => {
    for (const shape of ['minimal', 'job']) {
      const [before, after] = ['', 'again'].map((token) => render({ shape, set: { 'secrets.rolloutToken': token } }));
      const changed = (after ?? []).filter(
        (object, index) => JSON.stringify(object) !== JSON.stringify(before?.[index]),
      );
      expect(changed.map((object) => object.metadata.name).sort()).toEqual([
        'rel-scani-api',
        'rel-scani-data-provider',
        'rel-scani-worker',
      ]);
    }
  });

  test('inline secrets roll the pods when they change', () => {
    const tokens = ['redis://redis:6379', 'redis://other:6379'].map(
      (url) => podOf(render({ shape: 'inline-dev', set: { 'secrets.inline.REDIS_URL': url } }), 'api').annotations,
    );
    expect(tokens[0]).not.toEqual(tokens[1]);
  });
});
