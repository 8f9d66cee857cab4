import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { cache } from './places.ts';
import { commandOf, onPath, tail } from './processes.ts';

export interface GoProgram {
  /** The program, as Go names it after the last part of its path. */
  name: string;
  /** Like `github.com/versity/versitygw/cmd/versitygw`. */
  path: string;
  /** Like `v1.8.0`. */
  version: string;
  /** What its releases set when they are built, as `-X name=value`. */
  ldflags?: string;
}

/**
 * A program out of Go's module proxy: minutes once, then kept in the user's cache. It builds beside everything else, and
 * goes on building when this process ends, so that the next start finds it.
 */
export class GoTool {
  private readonly module: string;
  private readonly folder: string;
  private readonly finished: string;
  private readonly fresh: string;
  private readonly pidFile: string;
  private readonly logFile: string;
  private readonly ldflags: string;
  private child: ChildProcess | null = null;

  constructor({ name, path, version, ldflags = '' }: GoProgram) {
    this.ldflags = ldflags;
    this.module = `${path}@${version}`;
    this.folder = join(cache, 'bin', `${name}-${version}`);
    this.finished = join(this.folder, name);
    this.fresh = join(this.folder, 'fresh', name);
    this.pidFile = join(this.folder, 'building.pid');
    this.logFile = join(this.folder, 'build.log');
  }

  /** The finished program, if there is one. */
  program(): string | null {
    if (existsSync(this.finished)) return this.finished;
    // Go writes the file in one go at the very end, but a build of ours may still be setting its mode.
    if (!existsSync(this.fresh) || this.isRunning()) return null;
    renameSync(this.fresh, this.finished);
    rmSync(join(this.folder, 'fresh'), { recursive: true, force: true });
    return this.finished;
  }

  /** Starts to build unless there is no need or no Go; says whether a build is under way. */
  begin(): boolean {
    if (this.program()) return false;
    if (this.isRunning()) return true;
    const go = onPath('go');
    if (!go) return false;
    mkdirSync(this.folder, { recursive: true });
    const log = openSync(this.logFile, 'w');
    this.child = spawn('nice', ['-n', '10', go, 'install', '-ldflags', this.ldflags, this.module], {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, GOBIN: join(this.folder, 'fresh'), GOFLAGS: '-trimpath', CGO_ENABLED: '0' },
    });
    closeSync(log);
    this.child.on('error', () => undefined);
    if (this.child.pid) writeFileSync(this.pidFile, String(this.child.pid));
    this.child.unref();
    return true;
  }

  isRunning(): boolean {
    if (this.child)
      return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined;
    if (!existsSync(this.pidFile)) return false;
    return commandOf(Number(readFileSync(this.pidFile, 'utf8')))?.includes(this.module) ?? false;
  }

  /** Waits until the build is over, or `enough` says that it has been waited for long enough. */
  async wait(enough: AbortSignal): Promise<void> {
    while (this.isRunning() && !enough.aborted) await wait(200);
  }

  /** Why there is nothing to wait for any more, where a build was tried and failed. */
  failure(): string | null {
    return existsSync(this.pidFile) && !this.isRunning() && !this.program() ? tail(this.logFile, 3) : null;
  }
}
