import { setTimeout as wait } from 'node:timers/promises';
import { type Checks, must } from '../checks.ts';
import { namespace, otherDatabase, RESTRICTED, secret, settings } from './data.ts';
import { chart, type Kube, set } from './kube.ts';
import { underLoad } from './load.ts';

const NS = 'scani';
const PATIENCE_MS = 120_000;
const PER_SECOND = 50;
/** Helm takes nothing back that a hook made; of tests only those are left that failed. */
const MADE_BY_HOOKS = /scani-(migrate|test-)/;

interface Tags {
  version: string;
  next: string;
}

const databaseOf = (name: string): string[] => [
  `secrets.refs.DATABASE_URL.name=${name}`,
  'secrets.refs.DATABASE_URL.key=DATABASE_URL',
];

/** One release from its first install to what it leaves behind. */
export async function release(checks: Checks, kube: Kube, { version, next }: Tags): Promise<void> {
  const values = (tag: string, ...more: string[]): string[] =>
    set(
      `image.tag=${tag}`,
      'urls.frontend=https://scani.example.com',
      'secrets.existingSecret=scani',
      'migrations.activeDeadlineSeconds=90',
      'api.preStopSleepSeconds=5',
      ...more,
    );
  const upgrade = (tag: string, ...more: string[]) => [
    'upgrade',
    'scani',
    chart,
    '-n',
    NS,
    ...values(tag, ...more),
    '--wait',
    '--timeout',
    '3m',
  ];
  const apiUrl = async (): Promise<string> =>
    `http://${(await kube.item('service', 'scani-api', NS)).spec?.clusterIP}:3001/api/version`;
  const deployed = async (): Promise<string> =>
    JSON.stringify(
      (await kube.items('deployment', NS)).map(({ metadata }) => [
        metadata.name,
        metadata.annotations?.['deployment.kubernetes.io/revision'],
      ]),
    );
  const api = 'app.kubernetes.io/component=api';

  await kube.apply(namespace(NS, RESTRICTED));
  await checks.check('install without its Secret: the Job waits for it, and goes on once it is there', async () => {
    const installed = kube.tryHelm(
      'install',
      'scani',
      chart,
      '-n',
      NS,
      ...values(version),
      '--wait',
      '--timeout',
      '3m',
    );
    await kube.until('the Job waits for its Secret', PATIENCE_MS, async () =>
      (await kube.kubectl('get', 'pods', '-n', NS)).includes('CreateContainerConfigError'),
    );
    await kube.apply(secret('scani', NS, settings('postgres')));
    const { code, output } = await installed;
    must(code === 0, output.slice(-900));
  });
  await checks.check('the Job had ended before the first pod of the api began', async () => {
    const job = await kube.item('job', 'scani-migrate', NS);
    const pods = await kube.pods(NS, api);
    const ended = job.status?.completionTime ?? '';
    must(
      pods.length === 2 && pods.every(({ status }) => (status?.startTime ?? '') >= ended),
      `${ended} and ${pods.map((pod) => pod.status?.startTime).join(' ')}`,
    );
    return `${ended}`;
  });
  await checks.check('helm test', async () => {
    const output = await kube.helm('test', 'scani', '-n', NS);
    must((output.match(/Phase:\s+Succeeded/g) ?? []).length === 2, output);
  });
  await checks.check(
    `rolling restart of the api under ${PER_SECOND} requests a second on kept connections: none fails`,
    async () => {
      const { asked, failed, again } = await underLoad(await apiUrl(), PER_SECOND, async () => {
        await kube.kubectl('rollout', 'restart', 'deployment/scani-api', '-n', NS);
        await kube.kubectl('rollout', 'status', 'deployment/scani-api', '-n', NS, '--timeout=120s');
        await wait(10_000);
      });
      must(failed.length === 0, `${failed.length} of ${asked}: ${[...new Set(failed)].join(', ')}`);
      return `${asked} requests, ${again} asked again`;
    },
  );
  await checks.check('upgrade to another tag under the same load: none fails, every pod is the new one', async () => {
    const { asked, failed, again } = await underLoad(await apiUrl(), PER_SECOND, () => kube.helm(...upgrade(next)));
    must(failed.length === 0, `${failed.length} of ${asked}: ${[...new Set(failed)].join(', ')}`);
    const images = await kube.kubectl('get', 'deployments', '-n', NS, '-o', 'jsonpath={..image}');
    must(
      images.split(' ').every((image) => image.endsWith(`:${next}`)),
      images,
    );
    return `${asked} requests, ${again} asked again`;
  });
  await failingMigration(checks, kube, () => kube.tryHelm(...upgrade(next, ...databaseOf('broken'))), deployed, apiUrl);
  await checks.check('rollback to the first tag: no migration runs, pods are the first ones’ again', async () => {
    const before = (await kube.item('job', 'scani-migrate', NS)).status?.startTime;
    await kube.helm('rollback', 'scani', '1', '-n', NS, '--wait', '--timeout', '3m');
    const images = await kube.kubectl('get', 'deployments', '-n', NS, '-o', 'jsonpath={..image}');
    must(
      images.split(' ').every((image) => image.endsWith(`:${version}`)),
      images,
    );
    must((await kube.item('job', 'scani-migrate', NS)).status?.startTime === before, 'the Job ran');
  });
  await forgottenMigrations(checks, kube, () =>
    kube.tryHelm(
      'upgrade',
      'scani',
      chart,
      '-n',
      NS,
      ...values(version, 'migrations.mode=external', ...databaseOf('empty')),
    ),
  );
  await disruptions(checks, kube, api);
  await scaling(checks, kube, () => kube.helm(...upgrade(version, 'api.autoscaling.enabled=true')));
  const again = await checks.check(
    'uninstall: leaves what the hooks made, as NOTES say, and a second install works',
    async () => {
      await kube.helm('uninstall', 'scani', '-n', NS, '--wait');
      await kube.until('the pods are gone', PATIENCE_MS, async () => {
        const pods = await kube.items('pods', NS);
        return pods.every(({ metadata }) => MADE_BY_HOOKS.test(metadata.name));
      });
      const left = await kube.kubectl(
        'get',
        'all,serviceaccounts,networkpolicies,configmaps,secrets',
        '-n',
        NS,
        '-l',
        'app.kubernetes.io/instance=scani',
        '-o',
        'name',
      );
      const odd = left.split('\n').filter((name) => !MADE_BY_HOOKS.test(name));
      must(odd.length === 0, `also left: ${odd.join(', ')}`);
      await kube.helm('install', 'scani', chart, '-n', NS, ...values(version), '--wait', '--timeout', '3m');
      return left.split('\n').join(', ');
    },
  );
  if (again) await kube.helm('uninstall', 'scani', '-n', NS, '--wait');
}

async function failingMigration(
  checks: Checks,
  kube: Kube,
  fails: () => ReturnType<Kube['tryHelm']>,
  deployed: () => Promise<string>,
  apiUrl: () => Promise<string>,
): Promise<void> {
  await checks.check(
    'upgrade whose migration fails: the release fails, no Deployment changes, the old pods serve on',
    async () => {
      await kube.apply(secret('broken', NS, { DATABASE_URL: otherDatabase('of-nobody') }));
      const before = await deployed();
      const { asked, failed } = await underLoad(await apiUrl(), PER_SECOND, async () => {
        const { code, output } = await fails();
        must(code !== 0 && /pre-upgrade|hook/.test(output), `helm ended with ${code}: ${output.slice(-400)}`);
      });
      must(failed.length === 0, `${failed.length} of ${asked} failed`);
      must((await deployed()) === before, 'a Deployment was changed');
      must(
        (await kube.kubectl('get', 'pods', '-n', NS, '-l', 'job-name=scani-migrate', '-o', 'name')) !== '',
        'the pods of the Job are gone, and their log with them',
      );
    },
  );
}

async function forgottenMigrations(
  checks: Checks,
  kube: Kube,
  upgrade: () => ReturnType<Kube['tryHelm']>,
): Promise<void> {
  await checks.check(
    'a database that nobody migrated: new pods live and are not ready, the old ones serve, helm test fails',
    async () => {
      await kube.kubectl('exec', '-n', 'data', 'postgres', '--', 'createdb', '--username=postgres', 'empty');
      await kube.apply(secret('empty', NS, { DATABASE_URL: otherDatabase('empty') }));
      const { code, output } = await upgrade();
      must(code === 0, output);
      await wait(30_000);
      const pods = await kube.kubectl(
        'get',
        'pods',
        '-n',
        NS,
        '-l',
        'app.kubernetes.io/component=api',
        '-o',
        'jsonpath={range .items[*]}{.status.containerStatuses[0].ready}/{.status.containerStatuses[0].restartCount} {end}',
      );
      must(pods.split(' ').sort().join(' ') === 'false/0 true/0 true/0', `ready/restarts of the api: ${pods}`);
      const test = await kube.tryHelm('test', 'scani', '-n', NS, '--filter', 'name=scani-test-schema');
      must(test.code !== 0, 'helm test passed');
      await kube.helm('rollback', 'scani', '-n', NS, '--wait', '--timeout', '3m');
      return `ready/restarts of the api: ${pods}`;
    },
  );
}

async function disruptions(checks: Checks, kube: Kube, selector: string): Promise<void> {
  await checks.check('eviction: one pod of the api may go, the second only when the first is back', async () => {
    const pods = (await kube.pods(NS, selector)).map(({ metadata }) => metadata.name);
    const evict = (name: string) => kube.evict(name, NS);
    must(pods.length === 2, `${pods.length} pods`);
    const [first, second] = [await evict(pods[0] as string), await evict(pods[1] as string)];
    must(first === 201 && second === 429, `answers ${first} and ${second}`);
    await kube.kubectl('rollout', 'status', 'deployment/scani-api', '-n', NS, '--timeout=120s');
    const drained = await kube.until(
      'the second may go as well',
      PATIENCE_MS,
      async () => (await evict(pods[1] as string)) === 201,
    );
    await kube.kubectl('rollout', 'status', 'deployment/scani-api', '-n', NS, '--timeout=120s');
    return `the second after ${(drained / 1_000).toFixed(0)} s`;
  });
}

async function scaling(checks: Checks, kube: Kube, upgrade: () => Promise<string>): Promise<void> {
  await checks.check('autoscaling: an upgrade does not undo what the autoscaler did', async () => {
    await upgrade();
    await kube.kubectl('scale', 'deployment/scani-api', '-n', NS, '--replicas=3');
    await upgrade();
    const { spec } = await kube.item('deployment', 'scani-api', NS);
    must(spec?.replicas === 3, `${spec?.replicas} replicas`);
  });
}
