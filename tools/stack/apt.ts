import { run } from './processes.ts';
import { Stop } from './screen.ts';

let working: Promise<unknown> = Promise.resolve();

/** Installs Debian packages, one caller after the other, since apt locks. Root only. */
export function installPackages(names: string[]): Promise<void> {
  const turn = working.then(() => install(names));
  working = turn.catch(() => undefined);
  return turn;
}

async function install(names: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...names];
  await run('apt-get', ['update', '-q', '-o', 'DPkg::Lock::Timeout=300'], { env });
  const done = await run('apt-get', args, { env });
  if (done.code !== 0) throw new Stop(`apt-get install ${names.join(' ')} failed:\n${done.output.slice(-2_000)}`);
}
