import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generated } from '../../../tools/chart/generate.ts';
import { documentedValues, values } from '../../../tools/chart/values.ts';
import { findHelm } from '../../../tools/stack/helm.ts';
import {
  chart,
  describeChart,
  idOf,
  KUBERNETES,
  manifest,
  notes,
  podsOf,
  refusal,
  render,
  runHelm,
  shapes,
} from './chart.js';
import { problemsOf } from './kubernetes.js';

const files = (folder: string): string[] =>
  readdirSync(join(chart, folder), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

test('no template asks for what differs from one rendering to the next', () => {
  const forbidden = /lookup|randAlpha|genCA|\bnow\b *[|}]|Release\.Revision|Release\.IsUpgrade|Release\.IsInstall/;
  expect(files('templates').filter((file) => forbidden.test(readFileSync(file, 'utf8')))).toEqual([]);
  expect(files('templates').filter((file) => readFileSync(file, 'utf8').includes('argocd.argoproj.io/hook'))).toEqual(
    [],
  );
});

test('the chart has no subcharts', () => {
  expect(['charts', 'Chart.lock'].filter((name) => existsSync(join(chart, name)))).toEqual([]);
});

test('schema and README are as values.yaml says', async () => {
  for (const [name, text] of Object.entries(await generated())) {
    expect(readFileSync(join(chart, name), 'utf8') === text, `${name}: npm run generate:chart`).toBe(true);
  }
});

test('every value is documented', () => {
  const documented = new Set(documentedValues().map(({ path }) => path));
  const missing: string[] = [];
  const look = (value: unknown, path: string[]): void => {
    if (path.some((_, length) => documented.has(path.slice(0, length + 1).join('.')))) return;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) missing.push(path.join('.'));
    else for (const [key, inner] of Object.entries(value)) look(inner, [...path, key]);
  };
  look(values(), []);
  expect(missing).toEqual([]);
});

test('chart and images have one version', () => {
  const text = readFileSync(join(chart, 'Chart.yaml'), 'utf8');
  const version = /^version: (.*)$/m.exec(text)?.[1];
  expect(/^appVersion: (.*)$/m.exec(text)?.[1]).toBe(version);
  expect(text.match(/image: .*/g)?.every((line) => line.endsWith(`:${version}`))).toBe(true);
  const product = JSON.parse(readFileSync(join(chart, '..', '..', 'package.json'), 'utf8')) as { version: string };
  expect(version).toBe(product.version);
});

describeChart('rendering', () => {
  test.each(shapes)('%s: lint is content, and each object is what a strict api server takes', (shape) => {
    const linted = runHelm(
      'lint',
      '--strict',
      '--kube-version',
      KUBERNETES,
      chart,
      '-f',
      join(chart, 'ci', `${shape}-values.yaml`),
    );
    expect([linted.code, linted.output]).toEqual([0, expect.stringContaining('0 chart(s) failed')]);
    const objects = render({ shape });
    for (const version of ['1.33', '1.36'] as const) {
      const problems = objects
        .filter((object) => object.kind !== 'Route')
        .flatMap((object) => problemsOf(object, version).map((problem) => `${idOf(object)}: ${problem}`));
      expect(problems).toEqual([]);
    }
    expect(new Set(objects.map(idOf)).size, 'two objects have one name').toBe(objects.length);
    expect(objects.filter((object) => object.metadata.namespace !== 'scani' && object.kind !== 'Route')).toEqual([]);
  });

  test('the strict reader does refuse: a field that is not there, a wrong type, a kind that nobody knows', () => {
    const [service] = render({ shape: 'minimal' }).filter((object) => object.kind === 'Service');
    if (!service) throw new Error('no Service');
    expect(problemsOf(service, '1.36')).toEqual([]);
    expect(problemsOf({ ...service, spec: { ...service.spec, clusterIp: 'None' } }, '1.36')).not.toEqual([]);
    expect(problemsOf({ ...service, spec: { ...service.spec, ports: 'all' } }, '1.36')).not.toEqual([]);
    expect(problemsOf({ ...service, kind: 'Servant' }, '1.36')).toEqual(['v1 Servant is not known here']);
  });

  test('Kubernetes 1.33 to 1.37 is supported, 1.32 refused', () => {
    for (const shape of shapes) {
      for (const version of ['1.33', '1.35', '1.36', '1.37']) {
        expect(render({ shape, args: ['--kube-version', version] }).length).toBeGreaterThan(10);
      }
    }
    expect(refusal({ shape: 'prod', args: ['--kube-version', '1.32.9'] })).toContain('incompatible with Kubernetes');
  });

  test('two renderings are alike to the last byte', () => {
    const helm = findHelm() ?? 'helm';
    for (const shape of shapes) {
      const args = [
        'template',
        'rel',
        chart,
        '-n',
        'scani',
        '--kube-version',
        KUBERNETES,
        '-f',
        join(chart, 'ci', `${shape}-values.yaml`),
      ];
      expect(execFileSync(helm, args, { encoding: 'utf8', maxBuffer: 64_000_000 })).toBe(manifest({ shape }));
    }
  });

  const alone = spawnSync('unshare', ['-n', 'true']).status === 0;
  test.skipIf(!alone)(
    `it renders without a network${alone ? '' : ' (skipped: unshare -n is not allowed here)'}`,
    () => {
      const args = [
        '-n',
        findHelm() ?? 'helm',
        'template',
        'rel',
        chart,
        '--kube-version',
        KUBERNETES,
        '-f',
        join(chart, 'ci', 'prod-values.yaml'),
      ];
      expect(spawnSync('unshare', args, { encoding: 'utf8' })).toMatchObject({ status: 0 });
    },
  );

  test('names and labels fit, however long the name of the release', () => {
    const release = `r${'elease-of-a-very-long-name-'.repeat(3)}`.slice(0, 53);
    const long = 'a-name-that-is-as-long-as-a-name-may-ever-be-and-then-longer-still';
    for (const shape of ['prod', 'job', 'ingress', 'keda', 'externalsecret']) {
      for (const set of [{}, { fullnameOverride: long }]) {
        const objects = render({ shape, release, set });
        for (const object of objects) {
          expect(object.metadata.name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
        }
        const labels = [
          ...objects.map((object) => object.metadata.labels),
          ...podsOf(objects).map((pod) => pod.labels),
        ];
        for (const value of labels.flatMap((each) => Object.values(each))) expect(value.length).toBeLessThanOrEqual(63);
      }
    }
  });

  test('two releases in one namespace have nothing in common', () => {
    const pairs = [
      ['a', 'b'],
      ['a', 'a-scani'],
      ['scani', 'a'],
      [`${'x'.repeat(52)}1`, `${'x'.repeat(52)}2`],
    ];
    for (const [one = '', other = ''] of pairs) {
      const [first, second] = [one, other].map((release) => render({ shape: 'prod', release })) as [
        ReturnType<typeof render>,
        ReturnType<typeof render>,
      ];
      const names = new Set(first.map(idOf));
      expect(second.map(idOf).filter((id) => names.has(id))).toEqual([]);
      for (const { spec } of first.filter((object) => object.kind === 'Deployment')) {
        const wanted = Object.entries((spec['selector'] as { matchLabels: Record<string, string> }).matchLabels);
        const taken = podsOf(second).filter((pod) => wanted.every(([key, value]) => pod.labels[key] === value));
        expect(taken).toEqual([]);
      }
    }
  });

  test('no image of anybody else is asked for', () => {
    const images = shapes.flatMap((shape) =>
      podsOf(render({ shape })).flatMap((pod) => pod.spec.containers.map(({ image }) => image)),
    );
    expect(images.filter((image) => !/\/scani\/(api|worker|data-provider|console|migrate):/.test(image))).toEqual([]);
    expect(manifest({ shape: 'prod' }).toLowerCase()).not.toContain('bitnami');
  });

  test('a mirror is one value, and digests stand behind the tag', () => {
    const images = podsOf(render({ shape: 'air-gap' })).flatMap((pod) => pod.spec.containers.map(({ image }) => image));
    expect(images.length).toBeGreaterThan(6);
    for (const image of images)
      expect(image).toMatch(/^mirror\.corp\.example:5000\/apps\/scani\/[a-z-]+:1\.4\.2@sha256:/);
    expect(podsOf(render({ shape: 'air-gap' })).every((pod) => pod.spec.imagePullSecrets?.[0]?.name === 'mirror')).toBe(
      true,
    );
  });

  const isOld = runHelm('version', '--short').output.startsWith('v3');
  const why = isOld ? ' (skipped: Helm 3 shows notes with a cluster only)' : '';
  test.skipIf(isOld)(`notes say where it is, what may be open, and what to mind${why}`, () => {
    const said = notes({ shape: 'inline-dev' });
    for (const words of [
      'http://localhost:8080',
      'connections',
      'history',
      'single pod',
      'networkPolicy.enabled=false',
    ])
      expect(said).toContain(words);
    expect(notes({ shape: 'prod' })).toContain('--timeout 35m');
    expect(notes({ shape: 'prod' })).not.toContain('To know:');
    expect(notes({ shape: 'minimal', set: { 'image.allowTagSkew': true, 'migrations.image.tag': 'x' } })).toContain(
      'not supported together',
    );
  });
});
