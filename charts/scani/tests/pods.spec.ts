import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  chart,
  componentOf,
  describeChart,
  envOf,
  type KubeObject,
  only,
  podOf,
  podsOf,
  refusal,
  render,
  shapes,
} from './chart.js';
import { podSecurityProblems } from './pod-security.js';

/** What a source of the product says itself. */
const secondsIn = (file: string, pattern: RegExp): string | undefined =>
  pattern.exec(readFileSync(join(chart, '..', '..', file), 'utf8'))?.[1];

const deployments = (objects: readonly KubeObject[]) => objects.filter((object) => object.kind === 'Deployment');

describeChart('pods', () => {
  test.each(shapes)('%s: every pod keeps to the restricted profile, hooks and tests too', (shape) => {
    const pods = podsOf(render({ shape }));
    expect(pods.length).toBeGreaterThan(3);
    expect(pods.flatMap(podSecurityProblems)).toEqual([]);
    const numeric = pods.filter(({ spec }) => spec.securityContext['runAsUser'] === 1001).length;
    expect(numeric).toBe(shape === 'openshift' ? 0 : pods.length);
  });

  test('the reader of profiles does find what is wrong', () => {
    const pod = structuredClone(podOf(render({ shape: 'minimal' }), 'api'));
    delete pod.spec.containers[0]?.securityContext;
    pod.spec.securityContext = {};
    pod.spec.volumes.push({ name: 'host', hostPath: { path: '/' } });
    expect(podSecurityProblems(pod).length).toBeGreaterThan(5);
  });

  test.each(shapes)('%s: starting and living never depend on anything, readiness does', (shape) => {
    for (const { spec, owner } of podsOf(render({ shape })).filter((pod) => pod.owner.startsWith('Deployment'))) {
      const [container] = spec.containers;
      const paths = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe].map(
        (probe) => probe?.httpGet.path,
      );
      expect([owner, ...paths]).toEqual([owner, '/livez', '/livez', '/readyz']);
      expect(container?.startupProbe).toMatchObject({ periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 60 });
      expect(container?.livenessProbe).toMatchObject({ periodSeconds: 10, timeoutSeconds: 2, failureThreshold: 6 });
      expect(container?.readinessProbe).toMatchObject({ periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 });
    }
  });

  test('a pod has the time that it needs to end', () => {
    const appDrain = Number(secondsIn('libs/platform/runtime/src/http/drain.ts', /EXIT_MS = (\d+)_000;/));
    const nginxDrain = Number(secondsIn('apps/console/nginx/nginx.conf', /worker_shutdown_timeout (\d+)s;/));
    for (const [name, drain] of Object.entries({ api: appDrain, dataProvider: appDrain, console: nginxDrain })) {
      const enough = { [`${name}.terminationGracePeriodSeconds`]: 10 + drain + 5 };
      expect(render({ shape: 'minimal', set: enough }).length).toBeGreaterThan(10);
      const short = { [`${name}.terminationGracePeriodSeconds`]: 10 + drain + 4 };
      expect(refusal({ shape: 'minimal', set: short })).toContain(`up to ${10 + drain + 5} seconds`);
    }
    for (const shape of shapes) {
      for (const { spec, component } of podsOf(render({ shape })).filter((pod) => pod.owner.startsWith('Deployment'))) {
        const drain = component === 'worker' ? 600 : component === 'console' ? nginxDrain : appDrain;
        const pause = spec.containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
        expect([component, pause]).toEqual([component, component === 'worker' ? 0 : 10]);
        expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(pause + drain + 5);
      }
    }
    const short = render({ shape: 'minimal', set: { 'worker.drainSeconds': 20 } });
    expect(podOf(short, 'worker').spec.terminationGracePeriodSeconds).toBe(50);
    expect(envOf(podOf(short, 'worker')).find(({ name }) => name === 'WORKER_DRAIN_SECONDS')?.value).toBe('20');
  });

  test('a budget stands where there is more than one pod, and never keeps a broken one', () => {
    for (const shape of shapes) {
      const objects = render({ shape });
      const budgets = objects.filter((object) => object.kind === 'PodDisruptionBudget');
      expect(budgets.every(({ spec }) => spec['unhealthyPodEvictionPolicy'] === 'AlwaysAllow')).toBe(true);
      for (const deployment of deployments(objects)) {
        const scaler = objects.find(
          (object) =>
            ['HorizontalPodAutoscaler', 'ScaledObject'].includes(object.kind) &&
            componentOf(object) === componentOf(deployment),
        );
        const fewest = deployment.spec['replicas'] ?? scaler?.spec['minReplicas'] ?? scaler?.spec['minReplicaCount'];
        const budget = budgets.filter((object) => componentOf(object) === componentOf(deployment)).length;
        expect([shape, deployment.metadata.name, budget]).toEqual([
          shape,
          deployment.metadata.name,
          Number(fewest) > 1 ? 1 : 0,
        ]);
      }
    }
  });

  test('who is scaled by something else has no number of its own', () => {
    const scaled = { hpa: ['api', 'worker', 'console'], keda: ['worker'], prod: ['api', 'console'] };
    for (const [shape, components] of Object.entries(scaled)) {
      const without = deployments(render({ shape })).filter((object) => object.spec['replicas'] === undefined);
      expect(without.map(componentOf).sort()).toEqual(components.toSorted());
    }
    const rolling = deployments(render({ shape: 'prod' })).map(({ spec }) => spec['strategy']);
    const never = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    expect(rolling).toEqual(rolling.map(() => never));
  });

  test('KEDA reads the backlog from the api', () => {
    const { spec } = only(render({ shape: 'keda' }), 'ScaledObject');
    expect(spec).toMatchObject({
      minReplicaCount: 2,
      maxReplicaCount: 10,
      fallback: { failureThreshold: 3, replicas: 2 },
    });
    expect(spec['triggers']).toEqual([
      {
        type: 'metrics-api',
        metricType: 'AverageValue',
        metadata: {
          url: 'http://rel-scani-api.scani.svc.cluster.local:9464/internal/backlog',
          format: 'json',
          valueLocation: 'backlog',
          targetValue: '20',
        },
      },
    ]);
    const ports = only(render({ shape: 'keda' }), 'Service', 'api').spec['ports'] as { port: number }[];
    expect(ports.map(({ port }) => port)).toEqual([3001, 9464]);
  });

  test('pods spread over zones and machines where that is possible, unless told otherwise', () => {
    for (const component of ['api', 'worker', 'data-provider', 'console']) {
      const constraints = podOf(render({ shape: 'minimal' }), component).spec.topologySpreadConstraints;
      expect(constraints).toEqual(
        ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
          maxSkew: 1,
          topologyKey,
          whenUnsatisfiable: 'ScheduleAnyway',
          matchLabelKeys: ['pod-template-hash'],
          labelSelector: {
            matchLabels: {
              'app.kubernetes.io/name': 'scani',
              'app.kubernetes.io/instance': 'rel',
              'app.kubernetes.io/component': component,
            },
          },
        })),
      );
    }
    expect(podOf(render({ shape: 'everything' }), 'api').spec.topologySpreadConstraints).toBeUndefined();
  });

  test('every container asks for what it needs, is held to its memory, and never to a share of the processor', () => {
    for (const { owner, spec } of shapes.flatMap((shape) => podsOf(render({ shape })))) {
      for (const { resources } of spec.containers) {
        expect([owner, Object.keys(resources.requests ?? {}).sort(), Object.keys(resources.limits ?? {})]).toEqual([
          owner,
          ['cpu', 'memory'],
          ['memory'],
        ]);
      }
    }
  });

  test('certificates of an own authority are mounted where Node and Postgres look for them', () => {
    for (const shape of ['prod', 'air-gap']) {
      for (const pod of podsOf(render({ shape })).filter(({ component }) => component !== 'console')) {
        const [container] = pod.spec.containers;
        expect(envOf(pod)).toContainEqual({ name: 'NODE_EXTRA_CA_CERTS', value: '/etc/scani/ca/ca.crt' });
        expect(container?.volumeMounts).toContainEqual({ name: 'ca', mountPath: '/etc/scani/ca', readOnly: true });
        const volume = pod.spec.volumes.find(({ name }) => name === 'ca');
        const key = shape === 'prod' ? 'ca.crt' : 'bundle.pem';
        expect(volume?.['configMap'] ?? volume?.['secret']).toMatchObject({ items: [{ key, path: 'ca.crt' }] });
      }
    }
    for (const component of ['api', 'worker', 'migrate', 'test-schema']) {
      const { spec } = podOf(render({ shape: 'prod' }), component);
      expect(spec.containers[0]?.volumeMounts).toContainEqual({
        name: 'database-ca',
        mountPath: '/etc/scani/database-ca',
        readOnly: true,
      });
      expect(spec.volumes).toContainEqual({
        name: 'database-ca',
        secret: { secretName: 'postgres-ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
      });
    }
    expect(envOf(podOf(render({ shape: 'minimal' }), 'api')).map(({ name }) => name)).not.toContain(
      'NODE_EXTRA_CA_CERTS',
    );
  });

  test('what operators add to pods is there', () => {
    const { spec, labels, annotations } = podOf(render({ shape: 'everything' }), 'api');
    expect(labels).toMatchObject({ team: 'finance', 'example.com/c': 'd' });
    expect(annotations).toMatchObject({ 'example.com/a': 'b' });
    expect(spec).toMatchObject({ priorityClassName: 'important', serviceAccountName: 'restricted' });
    expect(spec.containers[0]?.volumeMounts).toContainEqual({ name: 'more', mountPath: '/more' });
    expect(spec.containers[0]?.ports).toEqual([{ name: 'http', containerPort: 3001 }]);
  });

  test('the console may connect to the object store, and rolls when its files change', () => {
    const [plain, stored, passing] = [
      {},
      { 'storage.s3.endpoint': 'https://s3.example.com/x' },
      { 'console.proxyApi': true },
    ].map((set) => {
      const objects = render({ shape: 'minimal', set });
      return { files: only(objects, 'ConfigMap', 'console').data, roll: podOf(objects, 'console').annotations };
    });
    expect(plain?.files?.['policy.conf']).toBe(`set $connect_src "'self'";\n`);
    expect(stored?.files?.['policy.conf']).toBe(`set $connect_src "'self' https://s3.example.com";\n`);
    expect(plain?.files?.['api.conf']).toContain('not-routed');
    expect(passing?.files?.['api.conf']).toContain('set $api "http://rel-scani-api.scani.svc.cluster.local:3001"');
    expect(new Set([plain, stored, passing].map((one) => one?.roll['checksum/config'])).size).toBe(3);
  });
});
