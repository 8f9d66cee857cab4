import { expect, test } from 'vitest';
import { envTable } from '../../../tools/chart/table.ts';
import {
  componentOf,
  describeChart,
  envNames,
  envOf,
  type KubeObject,
  manifest,
  podOf,
  podsOf,
  render,
} from './chart.js';
import { upgradeDiff } from './upgrade.js';

const tier1 = { 'mail.from': 'scani@example.com', 'storage.s3.endpoint': 'https://s3.eu-central-1.amazonaws.com' };
const tier2 = { ...tier1, 'tier.mode': 'hosted', 'tier.cloudUrl': 'https://cloud.example.com' };
const [own, hosted] = [() => render({ shape: 'minimal', set: tier1 }), () => render({ shape: 'minimal', set: tier2 })];
const ownMonitored = {
  'metrics.serviceMonitor.enabled': true,
  'networkPolicy.ingressFrom.monitoring': [{ namespaceSelector: {} }],
};

describeChart('tiers', () => {
  test('hosted: no data-provider, and none of its secrets or settings', () => {
    expect(hosted().filter((object) => componentOf(object) === 'data-provider')).toEqual([]);
    const readBy = Map.groupBy(envTable(), ({ name }) => name);
    const theirs = [...readBy].flatMap(([name, rows]) =>
      rows.every((row) => row.in.every((process) => process === 'data-provider')) ? [{ name }] : [],
    );
    expect(theirs.length).toBeGreaterThan(8);
    const text = manifest({ shape: 'minimal', set: tier2 });
    for (const { name } of theirs) expect(text).not.toContain(name);
    expect(text).not.toContain('rel-scani-data-provider');
    for (const component of ['api', 'worker']) {
      const cloud = envOf(podOf(hosted(), component)).find(({ name }) => name === 'SCANI_CLOUD_URL');
      expect(cloud?.value).toBe('https://cloud.example.com');
      const storage = (objects: KubeObject[]) =>
        envOf(podOf(objects, component)).filter(({ name }) => name.startsWith('S3_'));
      expect(storage(hosted())).toEqual(storage(own()));
      expect(storage(own()).length).toBe(5);
    }
  });

  test('self-hosted: the data-provider has what sends mail, api and worker do not', () => {
    expect(envNames(podOf(own(), 'data-provider'))).toEqual(expect.arrayContaining(['SMTP_URL', 'SMTP_FROM']));
    for (const pod of podsOf(own()).filter(({ component }) => component !== 'data-provider'))
      expect(envNames(pod).filter((name) => /^(SMTP|FASTMAIL|MAIL)_/.test(name))).toEqual([]);
  });

  test('Fastmail: its token must be there, SMTP_URL is left alone, and no mail server need be reached', () => {
    const objects = render({ shape: 'minimal', set: { ...tier1, 'mail.by': 'fastmail' } });
    const env = envOf(podOf(objects, 'data-provider'));
    expect(env.map(({ name }) => name)).toEqual(expect.arrayContaining(['FASTMAIL_API_TOKEN', 'SMTP_FROM']));
    expect(env.map(({ name }) => name)).not.toContain('SMTP_URL');
    const optional = (variables: typeof env) =>
      variables.find(({ name }) => name === 'FASTMAIL_API_TOKEN')?.valueFrom?.secretKeyRef?.optional;
    expect(optional(env)).toBeUndefined();
    expect(optional(envOf(podOf(own(), 'data-provider')))).toBe(true);
    const policy = { ...tier1, 'networkPolicy.enabled': true };
    expect(manifest({ shape: 'minimal', set: policy })).toContain('port: 587');
    expect(manifest({ shape: 'minimal', set: { ...policy, 'mail.by': 'fastmail' } })).not.toContain('port: 587');
  });

  test('there and back again: only the data-provider goes and comes, and nothing that cannot be changed is changed', () => {
    const [before, after] = [tier1, tier2].map((set) => render({ shape: 'minimal', set: { ...set, ...ownMonitored } }));
    const parts = [
      'Deployment rel-scani-data-provider',
      'NetworkPolicy rel-scani-data-provider',
      'PodDisruptionBudget rel-scani-data-provider',
      'Service rel-scani-data-provider',
      'ServiceAccount rel-scani-data-provider',
      'ServiceMonitor rel-scani-data-provider',
    ];
    expect(upgradeDiff(before ?? [], after ?? [])).toEqual({ added: [], removed: parts, impossible: [] });
    expect(upgradeDiff(after ?? [], before ?? [])).toEqual({ added: parts, removed: [], impossible: [] });
    expect(podOf(own(), 'api').spec).not.toEqual(podOf(hosted(), 'api').spec);
  });

  test('the first weeks may keep it warm', () => {
    const objects = render({ shape: 'tier2-keepwarm' });
    expect(objects.some((object) => object.metadata.name === 'rel-scani-data-provider')).toBe(true);
    const cloud = envOf(podOf(objects, 'worker')).find(({ name }) => name === 'SCANI_CLOUD_URL');
    expect(cloud?.value).toBe('https://cloud.example.com:8443');
  });
});
