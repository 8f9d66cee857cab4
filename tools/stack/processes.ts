import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readlinkSync, renameSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { Stop } from './screen.ts';

export interface ServerOptions {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string | undefined>;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Text for its standard input, for settings that must not show up in the process list. */
  input?: string;
  logFile: string;
  /** The signal that asks it to end; SIGTERM unless told. */
  stopSignal?: NodeJS.Signals;
  stopWithinMs?: number;
}

/** A server of ours: logs to a file, in a group of its own so that Ctrl-C does not end it out of order. */
export class Server {
  readonly name: string;
  readonly pid: number;
  private readonly child: ChildProcess;
  private readonly options: ServerOptions;
  private stopping = false;
  private wasReady = false;
  private readonly ended: Promise<void>;
  private readonly listeners: ((why: string) => void)[] = [];

  constructor(options: ServerOptions) {
    this.options = options;
    this.name = options.name;
    mkdirSync(dirname(options.logFile), { recursive: true });
    if (existsSync(options.logFile)) renameSync(options.logFile, options.logFile.replace(/\.log$/, '.previous.log'));
    const log = openSync(options.logFile, 'a');
    this.child = spawn(options.command, options.args, {
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
      uid: options.uid,
      gid: options.gid,
      detached: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', log, log],
    });
    closeSync(log);
    if (options.input !== undefined) this.child.stdin?.end(options.input);
    this.pid = this.child.pid ?? 0;
    this.ended = new Promise((resolve) => {
      const over = (why: string) => {
        resolve();
        if (!this.stopping && this.wasReady) for (const listener of this.listeners) listener(why);
      };
      this.child.once('error', (error) => over(error.message));
      this.child.once('exit', (code, signal) => over(signal ? `ended by ${signal}` : `exit code ${code}`));
    });
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.pid !== 0;
  }

  /** Called when it ends although nobody asked it to; a death before it was ready is what `ready` throws. */
  onDeath(listener: (why: string) => void): void {
    this.listeners.push(listener);
  }

  logTail(lines = 25): string {
    return tail(this.options.logFile, lines);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops it; the exit code, or null where it had to be killed. */
  async end(): Promise<number | null> {
    await this.stop();
    return this.child.exitCode;
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    this.stopping = true;
    this.child.kill(this.options.stopSignal ?? 'SIGTERM');
    const patience = AbortSignal.timeout(this.options.stopWithinMs ?? 10_000);
    await Promise.race([this.ended, new Promise((resolve) => patience.addEventListener('abort', resolve))]);
    if (this.running) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Waits until `probe` is true; gives up when the server dies or the time is over. */
  async ready(probe: () => Promise<boolean>, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!(await probe().catch(() => false))) {
      if (!this.running) throw new Stop(`${this.name} ended while starting. The end of its log:\n${this.logTail()}`);
      if (Date.now() > deadline) {
        throw new Stop(
          `${this.name} was not ready within ${withinMs / 1000} s. The end of its log:\n${this.logTail()}`,
        );
      }
      await wait(40);
    }
    this.wasReady = true;
  }
}

export function tail(file: string, lines: number): string {
  if (!existsSync(file)) return '  (no log)';
  const all = readFileSync(file, 'utf8').trimEnd().split('\n');
  return all
    .slice(-lines)
    .map((line) => `  ${readable(line)}`)
    .join('\n');
}

/** Our own processes log JSON; the end of a log is read by a person. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { context, msg, err } = JSON.parse(line) as { context?: string; msg?: string; err?: { stack?: string } };
    return [context, msg, err?.stack].filter(Boolean).join(' · ');
  } catch {
    return line;
  }
}

export interface Finished {
  code: number;
  output: string;
}

/** Runs a command to its end and keeps what it says; `onLine` sees each line as it comes. */
export function run(
  command: string,
  args: string[],
  options: {
    cwd?: string;
    env?: Record<string, string | undefined>;
    uid?: number;
    gid?: number;
    onLine?: (line: string) => void;
  } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      uid: options.uid,
      gid: options.gid,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let unfinished = '';
    const take = (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      output += text;
      if (!options.onLine) return;
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      for (const line of lines) options.onLine(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => {
      if (unfinished && options.onLine) options.onLine(unfinished);
      resolve({ code: code ?? 1, output });
    });
  });
}

export function onPath(...names: string[]): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/go/bin', '/usr/local/bin', '/usr/bin'];
  for (const name of names) {
    for (const folder of folders) {
      if (folder && !folder.includes('node_modules') && existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}

export const isRoot = process.getuid?.() === 0;

/** The command line of a live process, or null when there is none: a pid alone may belong to somebody else by now. */
export function commandOf(pid: number): string | null {
  if (!Number.isInteger(pid) || pid < 2) return null;
  if (process.platform === 'linux') {
    try {
      readlinkSync(`/proc/${pid}/cwd`);
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || null;
    } catch {
      return null;
    }
  }
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || null;
}

/** Ends a process that an earlier, killed run left behind: only if it still is what that run started. */
export async function endLeftover(pid: number, commandContains: string, signal: NodeJS.Signals): Promise<boolean> {
  const lives = () => commandOf(pid)?.includes(commandContains) ?? false;
  if (!lives()) return false;
  process.kill(pid, signal);
  for (let i = 0; i < 200 && lives(); i += 1) await wait(50);
  if (lives()) process.kill(pid, 'SIGKILL');
  return true;
}
