import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from '../../stack/apt.ts';
import { cache, folder } from '../../stack/places.ts';
import { isRoot, onPath, run } from '../../stack/processes.ts';
import { Stop } from '../../stack/screen.ts';
import { wellRun } from '../checks.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Runs a command to its end; what fails stops everything, with the last lines of what was said. */
export const ran = (command: string, args: string[], env: Record<string, string> = {}): Promise<string> =>
  wellRun(run(command, args, { env }), `${command} ${args.slice(0, 3).join(' ')}`);

export async function installed(program: string, packages: string[]): Promise<void> {
  if (onPath(program) || existsSync(`/usr/sbin/${program}`)) return;
  if (!isRoot || !onPath('apt-get')) throw new Stop(`${program} is needed: apt-get install ${packages.join(' ')}`);
  await installPackages(packages);
}

/** The archive that this machine installs from. */
async function archive(): Promise<string> {
  const targets = await ran('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const found = targets.split('\n').find((uri) => /\/debian\/?$/.test(uri));
  if (!found) throw new Stop('No Debian archive is configured on this machine.');
  return found;
}

/** Programs of a newer Debian, unpacked beside this one; nothing of the machine is changed. Returns their root. */
export async function unpackedFrom(suite: string, packages: string[]): Promise<string> {
  const root = join(cache, 'debian', `${suite}-${packages.join('-')}`);
  if (existsSync(root)) return root;
  const work = folder(`${root}.work`);
  const sources = join(work, 'sources.list');
  writeFileSync(sources, `deb [signed-by=${KEYRING}] ${await archive()} ${suite} main\n`);
  mkdirSync(join(work, 'lists', 'partial'), { recursive: true });
  const own = [
    '-o',
    `Dir::Etc::sourcelist=${sources}`,
    '-o',
    'Dir::Etc::sourceparts=-',
    '-o',
    `Dir::State::lists=${work}/lists`,
  ];
  await ran('apt-get', ['update', '-q', ...own]);
  const uris = await ran('apt-get', ['download', '--print-uris', ...own, ...packages]);
  const fresh = join(work, 'root');
  mkdirSync(fresh);
  for (const [, uri = ''] of uris.matchAll(/^'([^']+)'/gm)) {
    const file = join(work, 'package.deb');
    const answer = await fetch(uri, { signal: AbortSignal.timeout(120_000) });
    if (!answer.ok) throw new Stop(`${uri} answers ${answer.status}`);
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    await ran('dpkg-deb', ['-x', file, fresh]);
  }
  await ran('mv', [fresh, root]);
  rmSync(work, { recursive: true, force: true });
  return root;
}

/** A minimal system as a tar file, as debootstrap makes it for images. */
export async function bootstrapped(suite: string, architecture?: string): Promise<string> {
  const tar = join(cache, 'debian', `${suite}-${architecture ?? 'own'}.tar`);
  if (existsSync(tar)) return tar;
  if (!isRoot) throw new Stop('debootstrap needs root.');
  await installed('debootstrap', ['debootstrap']);
  const root = folder(`${tar}.root`);
  const foreign = architecture ? [`--arch=${architecture}`, '--foreign'] : [];
  await ran('debootstrap', ['--variant=minbase', ...foreign, suite, root, await archive()]);
  // What slim images leave out as well.
  for (const path of [
    'var/lib/apt/lists',
    'var/cache/apt/archives',
    'usr/share/doc',
    'usr/share/man',
    'usr/share/locale',
    'usr/share/info',
  ]) {
    rmSync(join(root, path), { recursive: true, force: true });
  }
  mkdirSync(join(root, 'var/lib/apt/lists/partial'), { recursive: true });
  mkdirSync(join(root, 'var/cache/apt/archives/partial'), { recursive: true });
  await ran('tar', ['-C', root, '-cf', `${tar}.new`, '.']);
  await ran('mv', [`${tar}.new`, tar]);
  rmSync(root, { recursive: true, force: true });
  return tar;
}
