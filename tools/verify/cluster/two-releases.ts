import { type Checks, must } from '../checks.ts';
import { namespace, RESTRICTED, settings } from './data.ts';
import { chart, type Kube, set } from './kube.ts';

const NS = 'both';

/** Two releases in one namespace, with the migration as an ordinary Job beside the pods that wait for it. */
export async function twoReleases(checks: Checks, kube: Kube, version: string): Promise<void> {
  await kube.apply(namespace(NS, RESTRICTED));
  await checks.check('two releases in one namespace, migrations as a Job beside the pods, inline secrets', async () => {
    for (const name of ['one', 'two']) {
      await kube.kubectl('exec', '-n', 'data', 'postgres', '--', 'createdb', '--username=postgres', name);
      const inline = Object.entries(settings(name)).flatMap(([key, value]) => [
        '--set-string',
        `secrets.inline.${key}=${value}`,
      ]);
      const small = ['api', 'dataProvider', 'console'].map((component) => `${component}.replicas=1`);
      const values = [`image.tag=${version}`, 'urls.frontend=https://scani.example.com', 'migrations.mode=job'];
      const flags = ['-n', NS, '--wait', '--timeout', '3m'];
      await kube.helm('install', name, chart, ...set(...values, 'secrets.mode=inline', ...small), ...inline, ...flags);
    }
    const pods = await kube.items('pods', NS, 'app.kubernetes.io/component=api');
    must(pods.length === 2, `${pods.length} pods of an api`);
    for (const name of ['one', 'two']) {
      const chosen = await kube.kubectl(
        'get',
        'endpointslices',
        '-n',
        NS,
        '-l',
        `kubernetes.io/service-name=${name}-scani-api`,
        '-o',
        'jsonpath={.items[*].endpoints[*].targetRef.name}',
      );
      must(
        chosen.startsWith(`${name}-scani-api-`) && !chosen.includes(' '),
        `the Service of ${name} leads to ${chosen}`,
      );
    }
    await kube.helm('uninstall', 'one', '-n', NS, '--wait');
    const output = await kube.helm('test', 'two', '-n', NS);
    must((output.match(/Phase:\s+Succeeded/g) ?? []).length === 2, output);
    await kube.helm('uninstall', 'two', '-n', NS, '--wait');
  });
}
