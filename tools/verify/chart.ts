import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { prometheusPrograms } from '../alerts/prometheus.ts';
import { type GoProgram, GoTool } from '../stack/go-tool.ts';
import { helm3, helm4 } from '../stack/helm.ts';
import { root } from '../stack/places.ts';
import { anyPort } from '../stack/ports.ts';
import { onPath, run, Server } from '../stack/processes.ts';
import { type Checks, must, verify, wellRun } from './checks.ts';
import { unpackedFrom } from './containers/debian.ts';

const chart = join(root, 'charts', 'scani');
const registryTool = {
  name: 'registry',
  path: 'github.com/google/go-containerregistry/cmd/registry',
  version: 'v0.22.1',
};
const cosignTool = { name: 'cosign', path: 'github.com/sigstore/cosign/v3/cmd/cosign', version: 'v3.1.3' };
const BUILD_MS = 20 * 60_000;

/** A program that Go builds, once; says in the list where it cannot be had. */
async function built(checks: Checks, program: GoProgram, needs: string): Promise<string | null> {
  const tool = new GoTool(program);
  tool.begin();
  await tool.wait(AbortSignal.timeout(BUILD_MS));
  const path = tool.program();
  if (!path) checks.skip(needs, tool.failure() ?? `there is no Go here to build ${program.name} ${program.version}`);
  return path;
}

const inRoot = (command: string, args: string[], env: Record<string, string> = {}): Promise<string> =>
  wellRun(run(command, args, { cwd: root, env }), command);

/** The whole suite with one helm. */
async function suite(checks: Checks, name: string, helm: string): Promise<void> {
  await checks.check(`the tests of the chart, with ${name}`, async () => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const output = await inRoot(process.execPath, [vitest, 'run', '--project', 'chart'], { HELM: helm, NO_COLOR: '1' });
    const [, sums = ''] = /^\s*Tests\s+(.*)$/m.exec(output) ?? [];
    return sums;
  });
}

function manifests(
  helm: string,
  ...args: string[]
): { kind: string; metadata: { name: string }; [key: string]: unknown }[] {
  const done = spawnSync(helm, ['template', 'rel', chart, '-n', 'scani', ...args], {
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  must(done.status === 0, done.stderr);
  return parseAllDocuments(done.stdout).flatMap((document) => (document.toJS() as never) ?? []);
}

async function alerts(checks: Checks, helm: string, home: string): Promise<void> {
  const programs = await prometheusPrograms();
  if (!programs)
    return checks.skip('what Prometheus says of the alerts', 'promtool is neither here nor in a Debian archive');
  const { promtool } = programs;
  await checks.check('promtool takes the rules as they are and as they are rendered', async () => {
    const rendered = manifests(helm, '-f', join(chart, 'ci', 'prod-values.yaml')).find(
      ({ kind }) => kind === 'PrometheusRule',
    );
    must(rendered, 'no PrometheusRule is rendered');
    const file = join(home, 'rules.yaml');
    writeFileSync(file, stringify(rendered['spec']));
    const own = readdirSync(join(chart, 'files', 'rules')).map((name) => join(chart, 'files', 'rules', name));
    const output = await inRoot(promtool, ['check', 'rules', file, ...own]);
    return /SUCCESS: .*/.exec(output)?.[0] ?? '';
  });
  await checks.check('the alerts fire when they should and not before', async () => {
    const tests = join(root, 'tools', 'alerts');
    const files = readdirSync(tests).filter((name) => name.endsWith('.test.yaml'));
    must(files.length > 0, 'there are none');
    await inRoot(promtool, ['test', 'rules', ...files.map((name) => join(tests, name))]);
    return files.join(', ');
  });
}

/** Not installed, since its service would start. */
async function nginxPrograms(): Promise<{ nginx: string; mimeTypes: string } | null> {
  const own = onPath('nginx');
  if (own) return { nginx: own, mimeTypes: '/etc/nginx/mime.types' };
  const unpacked = await unpackedFrom('bookworm', ['nginx', 'nginx-common']).catch(() => null);
  if (!unpacked) return null;
  return { nginx: join(unpacked, 'usr/sbin/nginx'), mimeTypes: join(unpacked, 'etc/nginx/mime.types') };
}

/** The console's nginx with the files that the chart makes, in front of something that answers like an api. */
async function consoleFiles(checks: Checks, helm: string, home: string): Promise<void> {
  const found = await nginxPrograms();
  if (!found)
    return checks.skip("the console's files in a real nginx", 'nginx is neither here nor in a Debian archive');
  const { nginx, mimeTypes } = found;
  for (const proxyApi of [false, true]) {
    await checks.check(`nginx with the console's files, ${proxyApi ? 'passing /api on' : 'alone'}`, async () => {
      const api = createServer((request, response) => response.end(`${request.url} for ${request.headers.host}`));
      await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
      const port = await anyPort();
      const folder = join(home, `nginx-${proxyApi}`);
      writeNginx({ folder, helm, proxyApi, port, apiPort: (api.address() as { port: number }).port, mimeTypes });
      const args = [
        '-p',
        folder,
        '-c',
        join(folder, 'nginx.conf'),
        '-e',
        join(folder, 'error.log'),
        '-g',
        'daemon off;',
      ];
      const server = new Server({ name: 'nginx', command: nginx, args, logFile: join(home, 'nginx.log') });
      try {
        const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
        await server.ready(async () => (await get('/livez')).ok, 10_000);
        must((await get('/readyz')).ok, '/readyz is not ok');
        const page = await get('/accounts');
        must((await page.text()).includes('a page'), 'a page of the console is not served');
        const policy = page.headers.get('content-security-policy') ?? '';
        must(policy.includes("connect-src 'self' https://files.example.com;"), `its content policy is ${policy}`);
        const asked = await get('/api/openapi.json?a=b');
        const said = await asked.text();
        if (proxyApi) must(said === `/api/openapi.json?a=b for 127.0.0.1:${port}`, `the api was asked ${said}`);
        else must(asked.status === 502 && said.includes('not-routed'), `/api answers ${asked.status} ${said}`);
        return '/livez, /readyz, a page, its content policy, /api';
      } finally {
        await server.stop();
        api.close();
      }
    });
  }
}

interface NginxFiles {
  folder: string;
  helm: string;
  proxyApi: boolean;
  port: number;
  apiPort: number;
  mimeTypes: string;
}

function writeNginx({ folder, helm, proxyApi, port, apiPort, mimeTypes }: NginxFiles): void {
  const set = ['--set', `console.proxyApi=${proxyApi}`, '--set', 'storage.s3.endpoint=https://files.example.com/x'];
  const config = manifests(helm, '-f', join(chart, 'ci', 'minimal-values.yaml'), ...set).find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'rel-scani-console',
  );
  cpSync(join(root, 'apps', 'console', 'nginx'), folder, { recursive: true });
  const pages = join(folder, 'pages');
  mkdirSync(pages);
  writeFileSync(join(pages, 'index.html'), 'a page');
  for (const [name, text] of Object.entries(config?.['data'] as Record<string, string>)) {
    // There is no DNS of a cluster here: the name of the api becomes its address.
    const here = text
      .replace(/^\s*resolver .*$/m, '')
      .replace(/http:\/\/rel-scani-api[^"]*/, `http://127.0.0.1:${apiPort}`);
    writeFileSync(join(folder, 'scani.d', name), here);
  }
  cpSync(mimeTypes, join(folder, 'mime.types'));
  const main = readFileSync(join(folder, 'nginx.conf'), 'utf8');
  const moved = main
    .replaceAll('/tmp/', `${folder}/`)
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replace('/app/console', pages);
  writeFileSync(join(folder, 'nginx.conf'), moved);
}

/** Package, push, sign, pull by digest, render what was pulled. */
async function published(checks: Checks, helm: string, home: string): Promise<void> {
  const registry = await built(checks, registryTool, 'publishing the chart');
  if (!registry) return;
  const port = await anyPort();
  const server = new Server({
    name: 'registry',
    command: registry,
    args: ['-port', String(port)],
    logFile: join(home, 'registry.log'),
  });
  try {
    const place = `127.0.0.1:${port}/charts`;
    await server.ready(async () => (await fetch(`http://127.0.0.1:${port}/v2/`)).ok, 20_000);
    let digest = '';
    await checks.check(
      'the package has no tests in it, is pushed, and pulled by its digest it is the same',
      async () => {
        const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
        await inRoot(helm, ['package', chart, '--destination', home, '--version', version, '--app-version', version]);
        const file = join(home, `scani-${version}.tgz`);
        const names = await inRoot('tar', ['tzf', file]);
        must(!/scani\/(tests|ci)\//.test(names), 'tests are in the package');
        must(/templates\/tests\/schema\.yaml/.test(names), 'the tests of helm are not in the package');
        const said = await inRoot(helm, ['push', file, `oci://${place}`, '--plain-http']);
        digest = /sha256:[0-9a-f]{64}/.exec(said)?.[0] ?? '';
        const pulled = join(home, 'pulled');
        mkdirSync(pulled);
        await inRoot(helm, ['pull', `oci://${place}/scani@${digest}`, '--plain-http', '--destination', pulled]);
        const sum = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
        const [name = ''] = readdirSync(pulled);
        must(sum(join(pulled, name)) === sum(file), 'it is not the same');
        await inRoot(helm, ['template', 'rel', join(pulled, name), '-f', join(chart, 'ci', 'prod-values.yaml')]);
        return digest;
      },
    );
    await signed(checks, `${place}/scani@${digest}`, home);
  } finally {
    await server.stop();
  }
}

async function signed(checks: Checks, reference: string, home: string): Promise<void> {
  const cosign = await built(checks, cosignTool, 'signing the chart');
  if (!cosign) return;
  await checks.check('signed by its digest it verifies, with another key it does not', async () => {
    const env = { COSIGN_PASSWORD: '', HOME: home };
    for (const key of ['own', 'other'])
      await inRoot(cosign, ['generate-key-pair', '--output-key-prefix', join(home, key)], env);
    const offline = ['--allow-insecure-registry', '--allow-http-registry'];
    const own = join(home, 'own');
    await inRoot(
      cosign,
      [
        'sign',
        '--yes',
        '--key',
        `${own}.key`,
        '--tlog-upload=false',
        '--use-signing-config=false',
        ...offline,
        reference,
      ],
      env,
    );
    const check = (key: string) => [
      'verify',
      '--key',
      `${join(home, key)}.pub`,
      '--insecure-ignore-tlog=true',
      ...offline,
      reference,
    ];
    await inRoot(cosign, check('own'), env);
    must((await run(cosign, check('other'), { env })).code !== 0, 'another key was taken');
    return reference.split('@')[1];
  });
}

await verify(async (checks) => {
  const home = mkdtempSync(join(tmpdir(), 'scani-chart-'));
  // Root's nginx reads its pages as somebody else.
  chmodSync(home, 0o755);
  try {
    const old = new GoTool(helm3);
    old.begin();
    const helm = await built(checks, helm4, `everything, with helm ${helm4.version}`);
    if (helm) {
      await suite(checks, `helm ${helm4.version}`, helm);
      await alerts(checks, helm, home);
      await consoleFiles(checks, helm, home);
      await published(checks, helm, home);
    }
    const helm3Path = await built(checks, helm3, `the tests of the chart, with helm ${helm3.version}`);
    if (helm3Path) await suite(checks, `helm ${helm3.version}`, helm3Path);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
