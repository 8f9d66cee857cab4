import { execFile, execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds the tool as it is delivered. */
export function buildCli(): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', 'apps/cli'], { cwd: root, stdio: 'inherit' });
}

/** Runs `scani` with this environment and nothing else. */
export function scani(env: Record<string, string>, ...args: string[]): Promise<{ code: number; out: string }> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ['apps/cli/dist/main.js', ...args],
      { cwd: root, env: { PATH: process.env['PATH'], ...env } },
      (_, out, err) => done({ code: child.exitCode ?? -1, out: out + err }),
    );
  });
}
