import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache, folder, root } from '../../stack/places.ts';
import { onPath, run } from '../../stack/processes.ts';
import { Stop, type StepNotes } from '../../stack/screen.ts';
import { bootstrapped, ran } from './debian.ts';
import { docker } from './engine.ts';

const here = (file: string): string => join(import.meta.dirname, 'stand-ins', file);
const MINIO = 'RELEASE.2025-09-07T16-13-09Z';
const PULL_MS = '60s';

/**
 * The images that the Dockerfile and the compose file name: pulled where a registry can be reached, else stand-ins
 * under the same names out of Debian's packages, npm's Node and Go's modules. Stand-ins are larger than the originals.
 */
export async function baseImages(names: readonly string[], notes: StepNotes): Promise<string[]> {
  const madeHere: string[] = [];
  for (const name of names) {
    notes.progress(name);
    if ((await run('docker', ['image', 'inspect', name])).code === 0) continue;
    if ((await run('timeout', [PULL_MS, 'docker', 'pull', '--quiet', name])).code === 0) continue;
    const make = Object.entries(STAND_INS).find(([start]) => name.startsWith(start))?.[1];
    if (!make) throw new Stop(`${name} can neither be pulled nor be made here.`);
    await make(name);
    madeHere.push(name);
  }
  return madeHere;
}

const STAND_INS: Record<string, (name: string) => Promise<void>> = {
  'node:': (name) => nodeImage(name),
  'nginxinc/nginx-unprivileged:': (name) => packaged(name, 'nginx.Dockerfile', 'bookworm'),
  'redis:': (name) => packaged(name, 'redis.Dockerfile', 'bookworm'),
  'postgres:': (name) => packaged(name, 'postgres.Dockerfile', 'trixie'),
  'minio/minio:': (name) => minioImage(name, 'minio'),
  'minio/mc:': (name) => minioImage(name, 'mc'),
};

async function debianImage(suite: string): Promise<string> {
  const name = `scani-verify/debian:${suite}`;
  if ((await run('docker', ['image', 'inspect', name])).code === 0) return name;
  await docker('import', await bootstrapped(suite), name);
  return name;
}

/** Builds from a folder that holds these files. */
async function build(name: string, dockerfile: string, base: string, files: Record<string, string>): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), 'scani-image-'));
  try {
    for (const [file, from] of Object.entries(files))
      cpSync(from, join(context, file), { recursive: true, dereference: true });
    await docker('build', '--quiet', '--tag', name, '--build-arg', `BASE=${base}`, '--file', here(dockerfile), context);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

async function packaged(name: string, dockerfile: string, suite: string): Promise<void> {
  await build(name, dockerfile, await debianImage(suite), { 'postgres.sh': here('postgres.sh') });
}

async function nodeImage(name: string): Promise<void> {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  const node = join(root, 'node_modules', `node-linux-${arch}`, 'bin', 'node');
  const npm = (await ran('npm', ['root', '--global', '--silent'])).trim().split('\n').at(-1) ?? '';
  await build(name, 'node.Dockerfile', await debianImage('bookworm'), { node, npm: join(npm, 'npm') });
}

/** The same for another processor, which is never started here: a minimal system and the Node that npm has for it. */
export async function foreignNodeImage(name: string, architecture: 'arm64' | 'amd64'): Promise<void> {
  const npmName = architecture === 'arm64' ? 'arm64' : 'x64';
  const context = mkdtempSync(join(tmpdir(), 'scani-image-'));
  try {
    const { version } = createRequire(import.meta.url)(join(root, 'package-lock.json')).packages[
      `node_modules/node-linux-${npmName}`
    ] as { version: string };
    await ran('npm', ['pack', '--silent', '--pack-destination', context, `node-linux-${npmName}@${version}`]);
    await ran('tar', ['-C', context, '-xzf', join(context, `node-linux-${npmName}-${version}.tgz`)]);
    writeFileSync(
      join(context, 'Dockerfile'),
      'FROM scratch\nADD system.tar /\nCOPY package/bin/node /usr/local/bin/node\n',
    );
    cpSync(await bootstrapped('bookworm', architecture), join(context, 'system.tar'));
    await docker('build', '--quiet', '--platform', `linux/${architecture}`, '--tag', name, context);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

async function minioImage(name: string, program: 'minio' | 'mc'): Promise<void> {
  const go = onPath('go');
  if (!go) throw new Stop(`${name} cannot be pulled, and there is no Go to build it.`);
  const bin = folder(cache, 'bin', 'minio');
  const env = { GOBIN: bin, CGO_ENABLED: '0', GOFLAGS: '-trimpath' };
  await ran(go, ['install', `github.com/minio/minio@${MINIO}`], env);
  await ran(go, ['install', 'github.com/minio/mc@latest'], env);
  await build(name, `${program}.Dockerfile`, await debianImage('bookworm'), {
    minio: join(bin, 'minio'),
    mc: join(bin, 'mc'),
  });
}
