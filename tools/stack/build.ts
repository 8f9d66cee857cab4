import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { root } from './places.ts';
import { type Finished, run } from './processes.ts';
import { type StepNotes, Stop } from './screen.ts';

export const consoleFolder = join(root, 'dist', 'apps', 'console', 'browser');
const consoleStamp = join(root, 'dist', 'apps', 'console', 'built-from');

/** Everything the console's bundle is made of. */
const consoleInputs = ['apps/console', 'libs/core', 'package-lock.json', 'tsconfig.base.json', 'tools/sprite.mjs'];

/** TypeScript knows by itself what changed: 0.2 s when nothing did. */
export async function buildServers(): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const done = await run(process.execPath, [tsc, '-b', '--pretty', 'false'], { cwd: root });
  if (done.code !== 0) throw new Stop(`The build failed:\n${done.output}`);
}

/** Builds the console unless its inputs are, by content, what the last build was made of. */
export async function buildConsole(notes: StepNotes): Promise<void> {
  const hash = contentHash(consoleInputs);
  if (existsSync(join(consoleFolder, 'index.html')) && existsSync(consoleStamp)) {
    if (readFileSync(consoleStamp, 'utf8') === hash) return notes.note('nothing changed');
  }
  rmSync(consoleStamp, { force: true });
  const done = await runNx(['run', 'console:build'], notes);
  if (done.code !== 0) throw new Stop(`The console's build failed:\n${done.output}`);
  mkdirSync(dirname(consoleStamp), { recursive: true });
  writeFileSync(consoleStamp, hash);
}

export function runNx(args: string[], notes: StepNotes): Promise<Finished> {
  const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  return run(process.execPath, [nx, ...args, '--outputStyle=static'], {
    cwd: root,
    env: { NX_DAEMON: 'false', NX_TUI: 'false', NG_CLI_ANALYTICS: 'false', NO_COLOR: undefined },
    onLine: (line) => notes.progress(line.trim().slice(0, 80)),
  });
}

function contentHash(paths: string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((entry) => filesUnder(entry))) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

const generatedFolders = new Set(['node_modules', 'dist', '.angular', 'test-results']);

function filesUnder(path: string): string[] {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute)
    .filter((name) => !generatedFolders.has(name))
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}
