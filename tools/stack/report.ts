import { type Counts, oneCheck, sum } from './counts.ts';
import { Stop, type StepNotes, bold, dim, green, red, say, seconds, step } from './screen.ts';

interface Row {
  name: string;
  counts: Counts;
  tookMs: number;
}

/** What `npm test` did: a table for people, and a last line for machines. */
export class Report {
  private readonly rows: Row[] = [];

  /** Runs one part; what it throws is a failure of that part, and the parts after it still run. */
  async part(name: string, work: (notes: StepNotes) => Promise<Counts>): Promise<void> {
    const started = performance.now();
    let counts: Counts;
    try {
      counts = await step(name, async (notes) => {
        const done = await work(notes);
        if (done.failed > 0) throw new Failed(done);
        notes.note(`${done.passed} passed${done.skipped ? `, ${done.skipped} skipped` : ''}`);
        return done;
      });
    } catch (error) {
      counts = error instanceof Failed ? error.counts : oneCheck(false);
      if (error instanceof Stop) say(error.message);
      else if (!(error instanceof Failed)) say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    this.rows.push({ name, counts, tookMs: performance.now() - started });
  }

  /** Prints the table and the sums; true when nothing failed. */
  print(): boolean {
    const total = sum(this.rows.map((row) => row.counts));
    const width = Math.max(...this.rows.map((row) => row.name.length));
    say(`\n${bold('What ran')}`);
    for (const { name, counts, tookMs } of this.rows) {
      const mark = counts.failed > 0 ? red('✘') : green('✔');
      const skipped = counts.skipped > 0 ? `  ${counts.skipped} skipped` : '';
      const figures = `${String(counts.passed).padStart(5)} passed ${String(counts.failed).padStart(4)} failed`;
      say(`  ${mark} ${name.padEnd(width)} ${figures} ${dim(seconds(tookMs).padStart(7))}${skipped}`);
    }
    say();
    say(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
    return total.failed === 0 && this.rows.length > 0;
  }
}

class Failed extends Error {
  readonly counts: Counts;

  constructor(counts: Counts) {
    super('failed');
    this.counts = counts;
  }
}
