import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Checks, must } from '../checks.ts';
import { namespace, RESTRICTED } from './data.ts';
import { chart, type Kube } from './kube.ts';
import { customResources } from './programs.ts';

/** Kinds that only other distributions have. */
const ELSEWHERE: Record<string, string> = { 'openshift-values.yaml': 'Route is OpenShift’s own' };

/** Every shape of the chart before a real api server: its schemas, its admission, the restricted profile. */
export async function admission(checks: Checks, kube: Kube, shapes: readonly string[]): Promise<void> {
  await checks.check('custom resources: Gateway API, Prometheus operator, KEDA, External Secrets', async () => {
    for (const folder of await customResources()) {
      const files = readdirSync(folder).filter((file) => /^(gateway|monitoring|keda|external).*\.yaml$/.test(file));
      for (const file of files)
        await kube.kubectl('apply', '--server-side', '--force-conflicts', '-f', join(folder, file));
    }
    const known = await kube.kubectl('get', 'crd', '-o', 'name');
    return `${known.split('\n').length} kinds`;
  });
  await kube.apply(namespace('strict', RESTRICTED));
  for (const shape of shapes) {
    const why = ELSEWHERE[shape];
    await checks.check(`${shape}: taken by the api server in a restricted namespace, without a warning`, async () => {
      const rendered = await kube.helm('template', 'rel', chart, '-n', 'strict', '-f', join(chart, 'ci', shape));
      const said = await kube.apply(why ? withoutRoutes(rendered) : rendered, '-n', 'strict', '--dry-run=server');
      const odd = said
        .split('\n')
        .filter((line) => line && !/(created|configured|unchanged) \(server dry run\)$/.test(line));
      must(odd.length === 0, odd.join('\n'));
      return `${said.trim().split('\n').length} objects${why ? `, without its Route: ${why}` : ''}`;
    });
  }
}

const withoutRoutes = (rendered: string): string =>
  rendered
    .split(/^---$/m)
    .filter((one) => !/^kind: Route$/m.test(one))
    .join('---');
