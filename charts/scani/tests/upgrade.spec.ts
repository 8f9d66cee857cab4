import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chart, describeChart, type KubeObject, objectsIn, only, podsOf, render, shapes } from './chart.js';
import { upgradeDiff } from './upgrade.js';

const impossible = (before: KubeObject[], after: KubeObject[]) => upgradeDiff(before, after).impossible;
/** What releases before this one made of their own minimal values, one file each. */
const released = join(import.meta.dirname, 'released');

describeChart('upgrades', () => {
  test.each(shapes)('%s: a new tag and new values change nothing that cannot be changed', (shape) => {
    const set = {
      'image.tag': '9.9.9',
      ...(shape === 'air-gap' ? { 'image.digests': {} } : {}),
      'api.resources.limits.memory': '1Gi',
      'api.podLabels': { new: 'label' },
      'commonLabels.new': 'label',
      'secrets.rolloutToken': 'again',
      'migrations.backoffLimit': 5,
    };
    expect(impossible(render({ shape }), render({ shape, set }))).toEqual([]);
  });

  test('between any two shapes of one name nothing is impossible', () => {
    const ofOneName = shapes.filter((shape) => shape !== 'everything');
    for (const before of ofOneName) {
      for (const after of ofOneName)
        expect([before, after, impossible(render({ shape: before }), render({ shape: after }))]).toEqual([
          before,
          after,
          [],
        ]);
    }
  });

  test('a new chart around the same images rolls nothing', () => {
    const version = /^version: (.*)$/m.exec(readFileSync(join(chart, 'Chart.yaml'), 'utf8'))?.[1] ?? 'none';
    const set = { 'image.tag': '9.9.9' };
    const lasting = shapes
      .flatMap((shape) => podsOf(render({ shape, set })))
      .filter(({ owner }) => !owner.startsWith('Pod '));
    const templates = lasting.map(({ labels, annotations, spec }) => JSON.stringify([labels, annotations, spec]));
    expect(templates.length).toBeGreaterThan(50);
    expect(templates.filter((template) => template.includes(version))).toEqual([]);
  });

  test('another value of an immutable field is noticed', () => {
    const before = render({ shape: 'job' });
    const changed = structuredClone(before);
    const deployment = only(changed, 'Deployment', 'api').spec['selector'] as { matchLabels: Record<string, string> };
    deployment.matchLabels['new'] = 'label';
    only(changed, 'Service', 'api').spec['clusterIP'] = 'None';
    const [pod] = podsOf([only(changed, 'Job')]);
    if (pod?.spec.containers[0]) pod.spec.containers[0].image = 'other';
    expect(impossible(before, changed).sort()).toEqual([
      `Deployment rel-scani-api spec.selector`,
      `Job ${only(before, 'Job').metadata.name} spec.template`,
      'Service rel-scani-api spec.clusterIP',
    ]);
  });

  test('a release before this one can be upgraded', () => {
    const files = existsSync(released) ? readdirSync(released) : [];
    for (const file of files) {
      const before = objectsIn(readFileSync(join(released, file), 'utf8'));
      expect([file, impossible(before, render({ shape: 'minimal' }))]).toEqual([file, []]);
      expect([file, upgradeDiff(before, render({ shape: 'minimal' })).removed]).toEqual([file, []]);
    }
    expect(
      files.length,
      `${chart}/tests/released has what each release made of ci/minimal-values.yaml`,
    ).toBeGreaterThan(0);
  });
});
