import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { chart, componentOf, describeChart, only, render } from './chart.js';

interface Alert {
  alert: string;
  annotations: Record<string, string>;
}

const rules = join(chart, 'files', 'rules');
const alerts = (): Alert[] =>
  readdirSync(rules).flatMap((file) =>
    (parse(readFileSync(join(rules, file), 'utf8')) as { groups: { rules: Alert[] }[] }).groups.flatMap((group) =>
      group.rules.filter((rule) => rule.alert),
    ),
  );

test('every alert leads to a runbook of this repository', () => {
  expect(alerts().length).toBeGreaterThan(5);
  for (const { alert, annotations } of alerts()) {
    const [, file] = /^RUNBOOKS\/([\w-]+\.md)$/.exec(annotations['runbook_url'] ?? '') ?? [];
    expect([alert, file !== undefined && existsSync(join(chart, '..', '..', 'docs', 'runbooks', file))]).toEqual([
      alert,
      true,
    ]);
  }
});

describeChart('observability', () => {
  test('every alert is in the rule, and its runbook has the address of the values', () => {
    const { spec, metadata } = only(
      render({ shape: 'prod', set: { 'metrics.rules.labels': { a: 'b' } } }),
      'PrometheusRule',
    );
    const rendered = (spec['groups'] as { rules: Alert[] }[]).flatMap((group) => group.rules);
    expect(rendered.flatMap(({ alert }) => alert ?? [])).toEqual(alerts().map(({ alert }) => alert));
    expect(metadata.labels).toMatchObject({ a: 'b', 'app.kubernetes.io/instance': 'rel' });
    for (const { alert, annotations } of rendered.filter((rule) => rule.alert)) {
      expect([alert, annotations['runbook_url']]).toEqual([
        alert,
        expect.stringMatching(/^https:\/\/docs\.example\.com\/scani\/runbooks\/[\w-]+\.md$/),
      ]);
    }
    expect(JSON.stringify(rendered)).toContain('{{ $labels.');
  });

  test('who has figures is scraped at their port', () => {
    const objects = render({ shape: 'prod' });
    const monitors = objects.filter(({ kind }) => kind === 'ServiceMonitor' || kind === 'PodMonitor');
    expect(monitors.map((object) => `${object.kind} ${componentOf(object)}`).sort()).toEqual([
      'PodMonitor worker',
      'ServiceMonitor api',
      'ServiceMonitor data-provider',
    ]);
    for (const { spec } of monitors) {
      expect(spec['endpoints'] ?? spec['podMetricsEndpoints']).toEqual([
        { port: 'metrics', path: '/metrics', interval: '30s' },
      ]);
    }
  });

  test('every dashboard is a ConfigMap that the sidecar finds, and still JSON', () => {
    const maps = render({ shape: 'prod' }).filter(
      (object) => object.kind === 'ConfigMap' && object.metadata.labels['grafana_dashboard'] === '1',
    );
    const files = readdirSync(join(chart, 'files', 'dashboards')).sort();
    expect(maps.flatMap(({ data }) => Object.keys(data ?? {})).sort()).toEqual(files);
    for (const [name, text] of maps.flatMap(({ data }) => Object.entries(data ?? {}))) {
      expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(join(chart, 'files', 'dashboards', name), 'utf8')));
    }
  });
});
