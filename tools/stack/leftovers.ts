import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Server, commandOf, endLeftover } from './processes.ts';

interface Noted {
  name: string;
  pid: number;
  /** As the system shows it: a pid that now runs something else is not ours to end. */
  command: string;
}

interface Run {
  main: Noted;
  address: string | null;
  servers: Noted[];
}

/** Written while a run lasts, so that the next one can tell whether it still does, or was killed. */
export class RunFile {
  private readonly file: string;
  private run: Run | null = null;

  constructor(home: string) {
    this.file = join(home, 'run.json');
  }

  exists(): boolean {
    return existsSync(this.file);
  }

  /** The run that is going on in this checkout, if one is. */
  current(): Run | null {
    const run = this.read();
    return run && commandOf(run.main.pid) === run.main.command ? run : null;
  }

  /** Ends what a killed run left behind, last started first. */
  async clear(): Promise<string[]> {
    const ended: string[] = [];
    for (const { name, pid, command } of (this.read()?.servers ?? []).toReversed()) {
      if (await endLeftover(pid, command, name === 'Postgres' ? 'SIGINT' : 'SIGTERM')) ended.push(name);
    }
    rmSync(this.file, { force: true });
    return ended;
  }

  begin(): void {
    this.run = { main: noted('stack', process.pid), address: null, servers: [] };
    this.write();
  }

  add(server: Server): void {
    this.run?.servers.push(noted(server.name, server.pid));
    this.write();
  }

  setAddress(address: string): void {
    if (this.run) this.run.address = address;
    this.write();
  }

  end(): void {
    rmSync(this.file, { force: true });
  }

  private read(): Run | null {
    return this.exists() ? (JSON.parse(readFileSync(this.file, 'utf8')) as Run) : null;
  }

  /** Some servers change their title once they run, so each is noted anew every time. */
  private write(): void {
    if (!this.run) return;
    this.run.servers = this.run.servers.map(({ name, pid }) => noted(name, pid));
    writeFileSync(this.file, JSON.stringify(this.run, null, 2));
  }
}

function noted(name: string, pid: number): Noted {
  return { name, pid, command: commandOf(pid) ?? '' };
}
