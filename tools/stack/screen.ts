import process from 'node:process';

/** What the person at the terminal reads: a line per step, and a sign of life while one takes long. */
const colour = process.stdout.isTTY && !process.env['NO_COLOR'];
const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text: string) => paint(1, text);
export const dim = (text: string) => paint(2, text);
export const green = (text: string) => paint(32, text);
export const red = (text: string) => paint(31, text);
export const yellow = (text: string) => paint(33, text);

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function warn(line: string): void {
  say(`${yellow('!')} ${line}`);
}

export function seconds(milliseconds: number): string {
  return milliseconds < 9_950 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds / 1000)} s`;
}

export interface StepNotes {
  /** Shown behind the step's name once it is done. */
  note(text: string): void;
  /** Shown in the sign of life while it runs: how far it is. */
  progress(text: string): void;
}

const heartbeatMs = 8_000;

/** Runs one step and prints how it went; what it throws passes through. */
export async function step<T>(name: string, work: (notes: StepNotes) => Promise<T> | T): Promise<T> {
  const started = performance.now();
  let note = '';
  let progress = '';
  const heartbeat = setInterval(() => {
    say(dim(`  … ${name}${progress ? `: ${progress}` : ''} (${seconds(performance.now() - started)})`));
  }, heartbeatMs);
  try {
    const result = await work({
      note: (text) => {
        note = text;
      },
      progress: (text) => {
        progress = text;
      },
    });
    say(`${green('✔')} ${name}${note ? ` ${dim(note)}` : ''} ${dim(`(${seconds(performance.now() - started)})`)}`);
    return result;
  } catch (error) {
    say(`${red('✘')} ${name} ${dim(`(${seconds(performance.now() - started)})`)}`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

/** A failure whose message is all that the person needs: printed without a stack. */
export class Stop extends Error {
  override readonly name = 'Stop';
}
