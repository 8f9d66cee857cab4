import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, folder } from '../stack/places.ts';
import { isRoot, onPath, run } from '../stack/processes.ts';

export interface PrometheusPrograms {
  promtool: string;
  prometheus: string;
}

/**
 * Prometheus with its promtool: those on PATH, else Debian's package, unpacked into the cache and not installed, since its
 * service would start. Null where there is neither.
 */
export async function prometheusPrograms(): Promise<PrometheusPrograms | null> {
  const [promtool, prometheus] = [onPath('promtool'), onPath('prometheus')];
  if (promtool && prometheus) return { promtool, prometheus };
  const kept = join(cache, 'prometheus');
  const programs = { promtool: join(kept, 'usr/bin/promtool'), prometheus: join(kept, 'usr/bin/prometheus') };
  if (existsSync(programs.promtool)) return programs;
  if (!onPath('apt-get') || !onPath('dpkg-deb')) return null;
  const work = mkdtempSync(join(folder(cache), 'prometheus-'));
  try {
    let fetched = await download(work);
    if (!fetched && isRoot) {
      await run('apt-get', ['update', '-q', '-o', 'DPkg::Lock::Timeout=300']);
      fetched = await download(work);
    }
    if (!fetched) return null;
    const unpacked = join(work, 'unpacked');
    if ((await run('dpkg-deb', ['-x', fetched, unpacked])).code !== 0) return null;
    // Another test may have been faster.
    if (!existsSync(kept)) renameSync(unpacked, kept);
    return programs;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function download(to: string): Promise<string | null> {
  await run('apt-get', ['download', '-q', 'prometheus'], { cwd: to });
  const file = readdirSync(to).find((name) => name.endsWith('.deb'));
  return file ? join(to, file) : null;
}
