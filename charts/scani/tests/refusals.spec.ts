import { constantFrom, assert as check, property, stringMatching } from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { values } from '../../../tools/chart/values.ts';
import { chart, describeChart, refusal, render, type Rendering } from './chart.js';

type Schema = { properties?: Record<string, Schema>; additionalProperties?: unknown; items?: Schema; type?: unknown };
const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as Schema;
const accepts = new Ajv({ strict: false }).compile(schema);

/** Paths of objects with keys of their own, and of those that are passed on to Kubernetes as they are. */
function objectsOf(node: Schema, path: string[], found: { closed: string[][]; open: string[] }): typeof found {
  if (node.properties) {
    if (node.additionalProperties === false) found.closed.push(path);
    else found.open.push(path.join('.'));
    for (const [key, inner] of Object.entries(node.properties)) objectsOf(inner, [...path, key], found);
  } else if (node.type === 'object' && node.additionalProperties === undefined) found.open.push(path.join('.'));
  return found;
}

const { closed, open } = objectsOf(schema, [], { closed: [], open: [] });

test('only what Kubernetes itself defines is open', () => {
  expect(open.toSorted()).toEqual([
    'api.affinity',
    'console.affinity',
    'dataProvider.affinity',
    'global',
    'worker.affinity',
  ]);
  expect(closed.length).toBeGreaterThan(60);
});

test('the values are valid, and no unknown key is, however deep it lies', () => {
  expect([accepts(values()), accepts.errors]).toEqual([true, null]);
  check(
    property(constantFrom(...closed), stringMatching(/^[a-z][A-Za-z]{2,12}Q$/), (path, key) => {
      const all = structuredClone(values());
      let at = all;
      for (const step of path) at = (at[step] ??= {}) as Record<string, unknown>;
      at[key] = true;
      return !accepts(all);
    }),
    { numRuns: 500 },
  );
});

const minimal = (set: Record<string, unknown>): Rendering => ({ shape: 'minimal', set });
const externalSecret = (set: Record<string, unknown>): Rendering => ({ shape: 'externalsecret', set });

/** A rendering, and the words that its refusal must have: the value, and what to do. */
const refusals: [string, Rendering, string[]][] = [
  ['nothing set', {}, ['secrets.existingSecret is empty', 'name the Secret']],
  ['an unknown key', minimal({ 'apii.replicas': 3 }), ["additional properties 'apii' not allowed"]],
  ['an unknown key inside', minimal({ 'api.pdb.minimum': 3 }), ['/api/pdb', "'minimum' not allowed"]],
  ['a subchart of old', minimal({ 'postgresql.enabled': true }), ['postgresql is not a value', 'DATABASE_URL']],
  ['Redis as a subchart', minimal({ 'redis.enabled': true }), ['redis is not a value', 'REDIS_URL']],
  ['MinIO as a subchart', minimal({ 'minio.enabled': true }), ['minio is not a value', 'storage.s3.endpoint']],
  ['an address of the backend', minimal({ 'urls.backend': 'https://x/api' }), ['urls.backend', 'urls.frontend alone']],
  ['a cookie domain', minimal({ 'urls.cookieDomain': 'x' }), ['urls.cookieDomain', 'share one origin']],
  ['no address', minimal({ 'urls.frontend': '' }), ['urls.frontend is empty', 'https://scani.example.com']],
  [
    'an address with a path',
    minimal({ 'urls.frontend': 'https://a.example/scani' }),
    ['has a path', 'the origin alone'],
  ],
  ['a Secret in another mode', externalSecret({ 'secrets.existingSecret': 'x' }), ['secrets.existingSecret is set']],
  ['secrets in values', minimal({ 'secrets.inline.REDIS_URL': 'x' }), ['secrets.inline has values', 'development']],
  [
    'a store without a name',
    externalSecret({ 'secrets.externalSecret.storeRef.name': '' }),
    ['storeRef.name is empty'],
  ],
  ['no entry', externalSecret({ 'secrets.externalSecret.remoteKey': '' }), ['remoteKey is empty']],
  ['inline with a hook', { shape: 'inline-dev', set: { 'migrations.mode': 'hook' } }, ['migrations.mode=job']],
  [
    'inline without a key',
    { shape: 'inline-dev', set: { 'secrets.inline.REDIS_URL': '' } },
    ['secrets.inline.REDIS_URL is not set'],
  ],
  [
    'a key twice',
    minimal({ 'secrets.keys.REDIS_URL': 'a', 'secrets.refs.REDIS_URL': { name: 'a', key: 'b' } }),
    ['secrets.keys.REDIS_URL and secrets.refs.REDIS_URL'],
  ],
  [
    'a pooler without a way around',
    minimal({ 'database.pooler': 'transaction' }),
    ['database.pooler=transaction', 'MIGRATION_DATABASE_URL'],
  ],
  ['hosted by nobody', minimal({ 'tier.mode': 'hosted' }), ['tier.cloudUrl must be an https:// address']],
  ['hosted in the clear', minimal({ 'tier.mode': 'hosted', 'tier.cloudUrl': 'http://x' }), ['tier.cloudUrl must be']],
  [
    'hosted, and serving others',
    minimal({ 'tier.mode': 'hosted', 'tier.cloudUrl': 'https://x', 'cloudManagement.enabled': true }),
    ['cloudManagement.enabled needs a data-provider of its own', 'tier.mode=self-hosted'],
  ],
  ['hosted and not', minimal({ 'tier.cloudUrl': 'https://x' }), ['tier.cloudUrl is set', 'tier.mode=hosted']],
  ['an Ingress without a host', minimal({ 'ingress.enabled': true }), ['ingress.host is empty']],
  ['a route of no Gateway', minimal({ 'httpRoute.enabled': true }), ['httpRoute.parentRefs is empty']],
  [
    'a store without a bucket',
    minimal({ 'storage.s3.endpoint': 'https://s3', 'storage.s3.bucket': '' }),
    ['storage.s3.bucket is empty'],
  ],
  [
    'one identity for all',
    { shape: 'workload-identity', set: { 'serviceAccount.perComponent': false } },
    ['serviceAccount.perComponent=true'],
  ],
  ['latest', minimal({ 'image.tag': 'latest' }), ['image.tag=latest', 'set a version']],
  ['another migrate image', minimal({ 'migrations.image.tag': 'other' }), ['migrations.image.tag=other', 'one tag']],
  ['another worker', minimal({ 'worker.image.tag': '9.9.9' }), ['worker.image.tag=9.9.9', 'image.allowTagSkew']],
  [
    'waves of a hook',
    minimal({ 'migrations.argocd.syncWaves': true }),
    ['migrations.argocd.syncWaves', 'migrations.mode=job'],
  ],
  [
    'a worker without patience',
    minimal({ 'worker.terminationGracePeriodSeconds': 100 }),
    ['worker.drainSeconds=600', 'at least 630'],
  ],
  [
    'an api without patience',
    minimal({ 'api.preStopSleepSeconds': 40 }),
    ['api.terminationGracePeriodSeconds=60', '85 seconds'],
  ],
  ['two budgets', minimal({ 'api.pdb.minAvailable': 1 }), ['api.pdb has both']],
  ['no budget', minimal({ 'api.pdb.maxUnavailable': null }), ['api.pdb has neither']],
  [
    'two scalers',
    { shape: 'keda', set: { 'worker.autoscaling.enabled': true } },
    ['worker.autoscaling and worker.keda'],
  ],
  [
    'fewest above most',
    { shape: 'hpa', set: { 'api.autoscaling.minReplicas': 11 } },
    ['api.autoscaling.minReplicas=11'],
  ],
  [
    'a variable twice',
    minimal({ 'api.extraEnv': [{ name: 'REDIS_URL', value: 'x' }] }),
    ['api.extraEnv sets REDIS_URL'],
  ],
  [
    'too many connections',
    minimal({ 'database.maxConnections': 50 }),
    ['database.maxConnections=50', 'may open 102', 'database.poolMax'],
  ],
  [
    'two bundles',
    minimal({ 'tls.caBundle.configMap': 'a', 'tls.caBundle.secret': 'b' }),
    ['tls.caBundle.configMap and tls.caBundle.secret'],
  ],
  [
    'monitors of nothing',
    minimal({ 'metrics.enabled': false, 'metrics.serviceMonitor.enabled': true }),
    ['metrics.serviceMonitor.enabled needs'],
  ],
  [
    'KEDA without figures',
    { shape: 'keda', set: { 'metrics.enabled': false } },
    ['worker.keda.enabled needs metrics.enabled=true'],
  ],
  ['alerts that lead nowhere', minimal({ 'metrics.rules.enabled': true }), ['metrics.rules.runbookBaseUrl is empty']],
  [
    'a gateway that is shut out',
    { shape: 'ingress', set: { 'networkPolicy.ingressFrom.gateway': [] } },
    ['networkPolicy.ingressFrom.gateway is empty'],
  ],
  [
    'Prometheus shut out',
    minimal({ 'metrics.serviceMonitor.enabled': true }),
    ['networkPolicy.ingressFrom.monitoring is empty'],
  ],
  [
    'KEDA shut out',
    { shape: 'keda', set: { 'networkPolicy.ingressFrom.keda': [] } },
    ['networkPolicy.ingressFrom.keda is empty'],
  ],
  ['a name with a digit first', { shape: 'minimal', release: '1st' }, ['begins with a digit', 'fullnameOverride']],
];

describeChart('refusals', () => {
  test.each(refusals)('%s', (_name, rendering, words) => {
    const said = refusal(rendering);
    for (const word of words) expect(said).toContain(word);
    if (!said.includes('execution error')) return;
    const [, sentence = ''] = /validate\.yaml:\d+:\d+\): (.*)\n/.exec(said) ?? [];
    expect(sentence).toMatch(/^[^\s].*\.$/);
  });

  test('each refusal of the chart is in this list', () => {
    const text = readFileSync(join(chart, 'templates', 'validate.yaml'), 'utf8');
    const places = text.split('\n').flatMap((line, index) => (line.includes('fail ') ? [index + 1] : []));
    const seen = new Set(
      refusals.map(([, rendering]) => Number(/validate\.yaml:(\d+)/.exec(refusal(rendering))?.[1] ?? 0)),
    );
    expect(places.filter((place) => !seen.has(place))).toEqual([]);
  });

  test('with skew allowed, latest and a tag of its own are taken', () => {
    const set = { 'image.allowTagSkew': true, 'image.tag': 'latest', 'worker.image.tag': 'next' };
    expect(render({ shape: 'minimal', set }).length).toBeGreaterThan(10);
  });

  test('as a dependency of another chart it takes what Helm adds', () => {
    expect(render({ shape: 'minimal', set: { 'global.any': 'thing' } }).length).toBeGreaterThan(10);
  });
});
