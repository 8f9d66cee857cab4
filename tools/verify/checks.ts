import process from 'node:process';
import type { Finished } from '../stack/processes.ts';
import { dim, green, red, say, seconds, Stop } from '../stack/screen.ts';

/** A list of checks that a person ran by hand: a line each, and an exit code. */
export class Checks {
  private failed = 0;
  private done = 0;
  private readonly skips: string[] = [];

  /** Runs one check; what it returns is said behind its name, what it throws is why it failed. */
  async check(name: string, work: () => Promise<string | void> | string | void): Promise<boolean> {
    const started = performance.now();
    this.done += 1;
    try {
      const note = await work();
      say(`${green('✔')} ${name}${note ? `: ${note}` : ''} ${dim(`(${seconds(performance.now() - started)})`)}`);
      return true;
    } catch (error) {
      this.failed += 1;
      say(`${red('✘')} ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** What could not be looked at here, and why; never counted as passed. */
  skip(name: string, why: string): void {
    this.skips.push(name);
    say(`- ${name}: skipped, ${why}`);
  }

  /** Prints the sums and sets the exit code; whether all held. */
  end(): boolean {
    const skipped = this.skips.length > 0 ? `, ${this.skips.length} skipped` : '';
    say(`\n${this.done - this.failed} passed, ${this.failed} failed${skipped}`);
    const held = this.failed === 0 && this.done > 0;
    process.exitCode = held ? 0 : 1;
    return held;
  }
}

/** Throws unless it holds. */
export function must(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** What a command said; throws a Stop with the last of it unless the command ended with 0. */
export async function wellRun(command: Promise<Finished>, name = 'the command'): Promise<string> {
  const { code, output } = await command;
  if (code !== 0) throw new Stop(`${name} ended with ${code}:\n${output.slice(-3_000)}`);
  return output;
}

/** Runs checks; a Stop is said without its stack. */
export async function verify(work: (checks: Checks) => Promise<void>): Promise<void> {
  const checks = new Checks();
  try {
    await work(checks);
    checks.end();
  } catch (error) {
    say(error instanceof Stop ? `${red('✘')} ${error.message}` : String((error as Error).stack));
    process.exitCode = 1;
  }
}
