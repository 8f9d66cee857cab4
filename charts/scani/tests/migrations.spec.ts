import { expect, test } from 'vitest';
import { describeChart, envOf, idOf, isHook, type KubeObject, only, podsOf, render, shapes } from './chart.js';

const hooksOf = (objects: readonly KubeObject[]) =>
  objects.filter((object) => object.metadata.annotations?.['helm.sh/hook']?.startsWith('pre-'));
const weightOf = (object: KubeObject) => object.metadata.annotations?.['helm.sh/hook-weight'];
const waveOf = (object: KubeObject) => object.metadata.annotations?.['argocd.argoproj.io/sync-wave'];
const jobNameOf = (set: Record<string, unknown>) => only(render({ shape: 'job', set }), 'Job').metadata.name;

describeChart('migrations', () => {
  test('as a hook: service account and network policy, then its Secret, then the Job; nothing is deleted when it is over', () => {
    const hooks = hooksOf(render({ shape: 'externalsecret' }));
    expect(hooks.map((object) => [idOf(object), weightOf(object)]).sort()).toEqual([
      ['ExternalSecret rel-scani-migrate', '-15'],
      ['Job rel-scani-migrate', '-10'],
      ['NetworkPolicy rel-scani-migrate', '-20'],
      ['ServiceAccount rel-scani-migrate', '-20'],
    ]);
    for (const { metadata } of hooks) {
      expect(metadata.annotations).toMatchObject({
        'helm.sh/hook': 'pre-install,pre-upgrade',
        'helm.sh/hook-delete-policy': 'before-hook-creation',
      });
    }
  });

  test.each(shapes)('%s: no Deployment stands on what a hook makes, and no hook on what comes after it', (shape) => {
    const objects = render({ shape });
    const usedBy = (pod: ReturnType<typeof podsOf>[number]) => [
      `ServiceAccount ${pod.spec.serviceAccountName}`,
      ...envOf(pod).flatMap(({ valueFrom }) => (valueFrom ? [`Secret ${valueFrom.secretKeyRef.name}`] : [])),
      ...pod.spec.volumes.flatMap(({ configMap, secret }) => [
        ...(configMap ? [`ConfigMap ${(configMap as { name: string }).name}`] : []),
        ...(secret ? [`Secret ${(secret as { secretName: string }).secretName}`] : []),
      ]),
    ];
    const madeBy = (object: KubeObject) =>
      object.kind === 'ExternalSecret'
        ? [`Secret ${(object.spec['target'] as { name: string }).name}`]
        : [idOf(object)];
    const pods = podsOf(objects);
    const ofHooks = new Set(hooksOf(objects).flatMap(madeBy));
    const ofTheRest = new Set(objects.filter((object) => !isHook(object)).flatMap(madeBy));
    const deployments = pods.filter(({ owner }) => owner.startsWith('Deployment'));
    expect(deployments.flatMap(usedBy).filter((name) => ofHooks.has(name))).toEqual([]);
    const jobs = pods.filter(({ owner }) => hooksOf(objects).some((object) => idOf(object) === owner));
    expect(jobs.flatMap(usedBy).filter((name) => ofTheRest.has(name))).toEqual([]);
  });

  test('the Job ends: it has a deadline, few tries, limits, and no time to live that would take its log away', () => {
    for (const shape of ['minimal', 'job', 'argocd']) {
      const { spec } = only(render({ shape }), 'Job');
      expect(spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 1800 });
      expect(spec).not.toHaveProperty('ttlSecondsAfterFinished');
      const [pod] = podsOf([only(render({ shape }), 'Job')]);
      expect(pod?.spec.restartPolicy).toBe('Never');
      expect(pod?.spec.containers[0]?.resources).toMatchObject({
        requests: { cpu: '50m' },
        limits: { memory: '512Mi' },
      });
      expect(pod?.spec.containers[0]?.args).toEqual(['migrate', 'up', '--lock-timeout', '5s']);
    }
  });

  test('a plain Job has another name when it would do another thing, and only then', () => {
    const name = jobNameOf({});
    expect(name).toMatch(/^rel-scani-migrate-[0-9a-f]{8}$/);
    expect(jobNameOf({ 'api.replicas': 5, 'secrets.rolloutToken': 'x', 'commonAnnotations.a': 'b' })).toBe(name);
    const others = [
      { 'image.tag': '9.9.9' },
      { 'image.digests.migrate': `sha256:${'1'.repeat(64)}` },
      { 'migrations.lockTimeout': '6s' },
      { 'migrations.extraEnv': [{ name: 'A', value: 'b' }] },
      { 'migrations.resources.limits.memory': '1Gi' },
      { 'secrets.existingSecret': 'other' },
    ].map(jobNameOf);
    expect(new Set([name, ...others]).size).toBe(others.length + 1);
    expect(hooksOf(render({ shape: 'job' }))).toEqual([]);
  });

  test('sync waves: what the Job needs, the Job, the rest', () => {
    const objects = render({ shape: 'argocd' });
    const waves = objects.filter((object) => waveOf(object)).map((object) => [object.kind, waveOf(object)]);
    expect(waves.sort()).toEqual([
      ['ExternalSecret', '-20'],
      ['Job', '-10'],
      ['NetworkPolicy', '-20'],
      ['ServiceAccount', '-20'],
    ]);
    expect(objects.filter((object) => isHook(object) && object.kind !== 'Pod')).toEqual([]);
    expect(render({ shape: 'job' }).filter((object) => waveOf(object))).toEqual([]);
    const inline = render({ shape: 'inline-dev', set: { 'migrations.argocd.syncWaves': true } });
    expect(waveOf(only(inline, 'Secret'))).toBe('-20');
  });

  test('external: nothing of it is here', () => {
    const objects = render({ shape: 'external-migrations' });
    expect(objects.filter((object) => object.metadata.name.includes('migrate'))).toEqual([]);
    expect(render({ shape: 'minimal', set: { 'migrations.enabled': false } }).map(idOf)).toEqual(objects.map(idOf));
  });
});
