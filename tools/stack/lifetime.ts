import process from 'node:process';
import type { Server } from './processes.ts';
import { Stop, dim, red, say } from './screen.ts';

/** Holds what was started and ends it in the opposite order, whatever the reason. */
export class Lifetime {
  private readonly servers: Server[] = [];
  private readonly atEnd: (() => void)[] = [];
  private ending: Promise<void> | null = null;

  constructor() {
    process.on('SIGINT', () => this.interrupted(130));
    process.on('SIGTERM', () => this.interrupted(143));
    process.on('SIGHUP', () => this.interrupted(129));
    // The parent that passed the baton to this process was killed.
    process.on('disconnect', () => this.interrupted(143));
  }

  add(server: Server): void {
    if (this.isEnding) return server.kill('SIGTERM');
    this.servers.push(server);
    server.onDeath((why) => {
      say(`\n${red('✘')} ${server.name} stopped by itself (${why}). The end of its log:\n${server.logTail()}`);
      void this.end().then(() => process.exit(1));
    });
  }

  onEnd(work: () => void): void {
    this.atEnd.push(work);
  }

  get isEnding(): boolean {
    return this.ending !== null;
  }

  end(): Promise<void> {
    this.ending ??= this.stopAll();
    return this.ending;
  }

  /** Runs the work; a failure is said, everything is stopped, and the process ends with 1. */
  async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.isEnding) return;
      const isPlain = error instanceof Stop;
      say(`\n${red('✘')} ${isPlain ? error.message : error instanceof Error ? error.stack : String(error)}`);
      await this.end();
      process.exit(1);
    }
  }

  private interrupted(code: number): void {
    if (this.isEnding) return;
    say(dim('\nStopping …'));
    void this.end().then(() => process.exit(code === 130 ? 0 : code));
  }

  private async stopAll(): Promise<void> {
    const started = performance.now();
    for (const server of this.servers.toReversed()) await server.stop();
    for (const work of this.atEnd) work();
    if (this.servers.length > 0)
      say(dim(`Stopped ${this.servers.length} processes (${((performance.now() - started) / 1000).toFixed(1)} s).`));
  }
}
