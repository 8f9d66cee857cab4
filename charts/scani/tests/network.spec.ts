import { expect, test } from 'vitest';
import { describeChart, type KubeObject, only, podOf, podsOf, render, shapes } from './chart.js';
import { admits, type Place, policiesOf, reaches } from './network.js';

const place = (objects: readonly KubeObject[], component: string): Place => ({
  namespace: 'scani',
  labels: podOf(objects, component).labels,
  ip: '10.1.0.7',
});
const of = (namespace: string): Place => ({ namespace, labels: { app: 'any' }, ip: '10.1.0.8' });
const machine = (ip: string): Place => ({ ip });
const publicAddress = machine('93.184.216.34');
const metadataService = machine('169.254.169.254');

/** Who of these a component lets in on a port. */
function guests(objects: readonly KubeObject[], component: string, port: number): string[] {
  const inside = ['api', 'worker', 'data-provider', 'console', 'migrate', 'test-readiness', 'test-schema'];
  const present = inside.filter((name) => podsOf(objects).some((pod) => pod.component === name));
  const outside = ['gateway', 'monitoring', 'keda', 'default'];
  const to = place(objects, component);
  return [
    ...present.filter((name) => admits(objects, place(objects, name), to, port)),
    ...outside.filter((name) => admits(objects, of(name), to, port)),
    ...(admits(objects, publicAddress, to, port) ? ['anybody'] : []),
  ].sort();
}

describeChart('network', () => {
  test.each(shapes.filter((shape) => shape !== 'inline-dev'))(
    '%s: every pod is under a policy, in and out',
    (shape) => {
      const objects = render({ shape });
      for (const pod of podsOf(objects)) {
        const policies = policiesOf(objects, { namespace: 'scani', labels: pod.labels, ip: '10.1.0.7' });
        expect([pod.owner, policies.map(({ policyTypes }) => policyTypes)]).toEqual([
          pod.owner,
          [['Ingress', 'Egress']],
        ]);
      }
    },
  );

  test('who comes in: the gateway to console and api, Prometheus to figures, api and worker to the data-provider', () => {
    const objects = render({ shape: 'prod' });
    expect(guests(objects, 'api', 3001)).toEqual(['gateway', 'test-readiness']);
    expect(guests(objects, 'console', 8080)).toEqual(['gateway', 'test-readiness']);
    expect(guests(objects, 'data-provider', 8082)).toEqual(['api', 'test-readiness', 'worker']);
    for (const component of ['api', 'worker', 'data-provider'])
      expect(guests(objects, component, 9464)).toEqual(['monitoring']);
    expect(guests(objects, 'worker', 3002)).toEqual([]);
    for (const port of [80, 3001, 9464]) expect(guests(objects, 'migrate', port)).toEqual([]);
    const quiet = render({ shape: 'prod', set: { 'tests.enabled': false } });
    expect(guests(quiet, 'data-provider', 8082)).toEqual(['api', 'worker']);
    expect(guests(render({ shape: 'keda' }), 'api', 9464)).toEqual(['keda']);
    const serving = render({ shape: 'prod', set: { 'cloudManagement.enabled': true } });
    expect(guests(serving, 'data-provider', 8082)).toEqual(['api', 'gateway', 'test-readiness', 'worker']);
    expect(guests(render({ shape: 'openshift' }), 'api', 3001)).toEqual(['console', 'test-readiness']);
  });

  test('a data-provider that serves others goes to Postgres too, and to nothing else there', () => {
    const objects = render({ shape: 'prod', set: { 'cloudManagement.enabled': true } });
    const goes = (to: Place, port: number) => reaches(objects, place(objects, 'data-provider'), to, port);
    expect([goes(machine('10.20.0.9'), 5432), goes(machine('10.20.1.9'), 6379)]).toEqual([true, true]);
    expect([goes(machine('10.20.0.9'), 6379), goes(machine('10.20.1.9'), 5432)]).toEqual([false, false]);
  });

  test('who goes where', () => {
    const objects = render({ shape: 'prod' });
    const goes = (component: string, to: Place, port: number) => reaches(objects, place(objects, component), to, port);
    const [postgres, redis] = [machine('10.20.0.9'), machine('10.20.1.9')];
    const table = ['api', 'worker', 'data-provider', 'console', 'migrate'].map((component) => [
      component,
      goes(component, postgres, 5432),
      goes(component, redis, 6379),
      goes(component, publicAddress, 443),
      goes(component, publicAddress, 80),
      goes(component, publicAddress, 587),
    ]);
    expect(table).toEqual([
      ['api', true, true, true, false, false],
      ['worker', true, true, true, false, false],
      ['data-provider', false, true, true, true, true],
      ['console', false, false, false, false, false],
      ['migrate', true, false, false, false, false],
    ]);
    for (const component of ['api', 'worker', 'data-provider', 'console', 'migrate']) {
      expect(reaches(objects, place(objects, component), of('kube-system'), 53, 'UDP')).toBe(true);
      for (const port of [80, 443]) {
        expect(goes(component, metadataService, port)).toBe(false);
        for (const ip of ['10.9.9.9', '172.16.1.1', '192.168.1.1', '100.64.1.1', '127.0.0.1', 'fd00::1', 'fe80::1']) {
          expect([component, ip, goes(component, machine(ip), port)]).toEqual([component, ip, false]);
        }
      }
    }
    expect(goes('api', machine('2606:2800:220:1::1'), 443)).toBe(true);
  });

  test('an air gap leads nowhere but where it says', () => {
    const objects = render({ shape: 'air-gap' });
    const goes = (component: string, to: Place, port: number) => reaches(objects, place(objects, component), to, port);
    for (const component of ['api', 'worker', 'data-provider']) {
      expect(goes(component, publicAddress, 443)).toBe(false);
      expect(goes(component, machine('10.0.0.43'), 443)).toBe(true);
      expect(goes(component, machine('10.0.0.80'), 443)).toBe(true);
    }
    expect(goes('data-provider', machine('10.0.0.25'), 587)).toBe(true);
    expect(goes('data-provider', machine('10.0.0.26'), 587)).toBe(false);
  });

  test('pods of a pooler are found by their labels, identities at their one address', () => {
    const objects = render({ shape: 'pooler' });
    const pooler: Place = { namespace: 'postgres', labels: { app: 'pgbouncer' }, ip: '10.1.0.9' };
    const api = place(objects, 'api');
    expect(reaches(objects, api, pooler, 6432)).toBe(true);
    expect(reaches(objects, api, { ...pooler, labels: { app: 'x' } }, 6432)).toBe(false);
    expect(reaches(objects, api, of('postgres'), 5432)).toBe(true);
    const identity = render({ shape: 'workload-identity' });
    const agent = machine('169.254.170.23');
    expect(reaches(identity, place(identity, 'api'), agent, 80)).toBe(true);
    expect(reaches(identity, place(identity, 'data-provider'), agent, 80)).toBe(false);
    const gke = render({ shape: 'minimal', set: { 'networkPolicy.egress.cloudMetadata': 'gke' } });
    expect(reaches(gke, place(gke, 'worker'), machine('169.254.169.252'), 988)).toBe(true);
  });

  test('tier 2 leads to the hosted data-provider, even where nothing else leads out', () => {
    const objects = render({ shape: 'tier2-keepwarm' });
    for (const component of ['api', 'worker', 'test-readiness']) {
      expect(reaches(objects, place(objects, component), publicAddress, 8443)).toBe(true);
      expect(reaches(objects, place(objects, component), publicAddress, 443)).toBe(false);
    }
    expect(reaches(objects, place(objects, 'data-provider'), publicAddress, 8443)).toBe(false);
  });
});

describeChart('routes', () => {
  const backendOf = (rule: unknown) =>
    (rule as { backendRefs: { name: string; port: number }[] }).backendRefs.map(({ name, port }) => `${name}:${port}`);

  test('HTTPRoute: /api to the api, the rest to the console, the event stream without a timeout', () => {
    const { spec } = only(render({ shape: 'httproute' }), 'HTTPRoute');
    const rules = spec['rules'] as { matches: { path: { type: string; value: string } }[]; timeouts: unknown }[];
    expect(rules.map((rule) => [rule.matches[0]?.path, backendOf(rule), rule.timeouts])).toEqual([
      [{ type: 'Exact', value: '/api/events' }, ['rel-scani-api:3001'], { request: '0s' }],
      [{ type: 'PathPrefix', value: '/api' }, ['rel-scani-api:3001'], { request: '60s' }],
      [{ type: 'PathPrefix', value: '/' }, ['rel-scani-console:8080'], { request: '60s' }],
    ]);
  });

  test('Ingress: the same, and the event stream with annotations of its own', () => {
    const ingresses = render({ shape: 'ingress' }).filter((object) => object.kind === 'Ingress');
    type Rules = { host: string; http: { paths: { path: string; backend: { service: { name: string } } }[] } }[];
    const pathsOf = (object: KubeObject) =>
      (object.spec['rules'] as Rules).flatMap(({ host, http }) =>
        http.paths.map(({ path, backend }) => `${host}${path} ${backend.service.name}`),
      );
    expect(Object.fromEntries(ingresses.map((object) => [object.metadata.name, pathsOf(object)]))).toEqual({
      'rel-scani': ['scani.example.com/api rel-scani-api', 'scani.example.com/ rel-scani-console'],
      'rel-scani-events': ['scani.example.com/api/events rel-scani-api'],
    });
    const [events] = ingresses.filter((object) => object.metadata.name.endsWith('-events'));
    expect(events?.metadata.annotations).toMatchObject({
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
      'cert-manager.io/cluster-issuer': 'letsencrypt',
    });
  });

  test('a console that passes /api on is all that is routed', () => {
    const set = { 'console.proxyApi': true };
    for (const shape of ['httproute', 'ingress']) {
      const routed = render({ shape, set }).filter(({ kind }) => ['HTTPRoute', 'Ingress'].includes(kind));
      expect(JSON.stringify(routed)).not.toContain('rel-scani-api');
    }
  });

  test('figures are never routed, and people are led to the host that is routed', () => {
    for (const shape of ['httproute', 'ingress', 'prod']) {
      const objects = render({ shape });
      const routed = objects.filter(({ kind }) => ['HTTPRoute', 'Ingress'].includes(kind));
      expect(JSON.stringify(routed)).not.toMatch(/9464|metrics/);
      const frontend = podOf(objects, 'api').spec.containers[0]?.env?.find(({ name }) => name === 'FRONTEND_URL');
      expect(frontend?.value).toBe('https://scani.example.com');
    }
  });
});
