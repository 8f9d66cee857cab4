import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { chart, describeChart, type KubeObject, objectsIn, podsOf, render } from './chart.js';
import { problemsOf } from './kubernetes.js';

const example = (...path: string[]): string => readFileSync(join(chart, 'examples', ...path), 'utf8');
const argo = () => example('argocd', 'application.yaml');
const flux = () => example('flux', 'helmrelease.yaml');

/** The chart with the values that a GitOps tool would give it. */
function withValues(values: unknown, release: string): KubeObject[] {
  const folder = mkdtempSync(join(tmpdir(), 'scani-chart-'));
  try {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, stringify(values));
    return render({ release, args: ['-f', file] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const argoValues = (text: string) =>
  (parse(text) as { spec: { source: { helm: { valuesObject: unknown } } } }).spec.source.helm.valuesObject;
const fluxValues = (text: string) => (parse(text) as { spec: { values: unknown } }).spec.values;

test('examples for Argo CD, Flux and the Gateway API are what those take', () => {
  const texts = [argo(), flux(), example('flux', 'ocirepository.yaml'), example('gateway-api', 'gateway.yaml')];
  for (const object of texts.flatMap(objectsIn))
    expect([object.kind, problemsOf(object, '1.36')]).toEqual([object.kind, []]);
  const wrong = objectsIn(flux().replace('remediation:', 'remedy:'));
  expect(wrong.flatMap((object) => problemsOf(object, '1.36'))).not.toEqual([]);
});

test.each([
  ['Argo CD', argo],
  ['Flux', flux],
])('%s: another version is one line', (_name, text) => {
  const lines = text().split('\n');
  expect(lines.filter((line) => /^\s*tag:/.test(line))).toHaveLength(1);
});

describeChart('examples', () => {
  test.each([
    ['Argo CD', argo, argoValues],
    ['Flux', flux, fluxValues],
  ] as const)('%s: it renders, and that line moves every image', (_name, text, valuesOf) => {
    const images = (from: string) =>
      podsOf(withValues(valuesOf(from), 'scani')).flatMap(({ spec }) => spec.containers.map(({ image }) => image));
    expect(images(text()).every((image) => image.endsWith(':0.1.0'))).toBe(true);
    const bumped = images(text().replace(/tag: \S+/, 'tag: 9.9.9'));
    expect(bumped.length).toBeGreaterThan(4);
    expect(bumped.every((image) => image.endsWith(':9.9.9'))).toBe(true);
  });

  test('Argo CD gets a Job and no hook: hooks of Helm would run at each of its syncs', () => {
    const objects = withValues(argoValues(argo()), 'scani');
    expect(objects.filter((object) => object.metadata.annotations?.['helm.sh/hook'])).toEqual([]);
    expect(objects.filter((object) => object.kind === 'Job')).toHaveLength(1);
  });

  test.each(
    readdirSync(join(chart, 'examples')).filter((name) =>
      readdirSync(join(chart, 'examples', name)).includes('values.yaml'),
    ),
  )('values of %s render, and are what a strict api server takes', (name) => {
    const objects = withValues(parse(example(name, 'values.yaml')), 'scani');
    expect(objects.flatMap((object) => problemsOf(object, '1.36'))).toEqual([]);
  });
});
