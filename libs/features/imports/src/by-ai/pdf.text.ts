import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import { UnreadableFile } from '../formats/statement.js';

export const MOST_PDF_PAGES = 40;
const LARGEST_PDF = 20_000_000;
const TIMEOUT_MS = 30_000;
const MEMORY_MB = 512;
/** So much memory is there for one of them in this process, and its time begins with its turn. */
const inTurn = pLimit(1);
/** Fewer letters than this on all pages together are no text. */
const LEAST_LETTERS = 20;

/** TypeScript in tests, which Node runs as it is; JavaScript in the build. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './pdf.worker.ts' : './pdf.worker.js', import.meta.url);

/** The text of each page of a PDF. Throws UnreadableFile with what to do. Time and memory are bounded. */
export async function pdfPages(bytes: Buffer, timeoutMs = TIMEOUT_MS): Promise<string[]> {
  if (bytes.length > LARGEST_PDF) {
    throw new UnreadableFile(
      'pdf-too-large',
      `A PDF may have at most ${LARGEST_PDF / 1_000_000} MB. Save a part of it.`,
    );
  }
  const answer = await inTurn(() => inThread(bytes, timeoutMs));
  if (answer.pages === undefined) throw troubleOf(answer);
  if (answer.pages.join('').replaceAll(/[^\p{L}\p{N}]/gu, '').length < LEAST_LETTERS) {
    throw new UnreadableFile(
      'pdf-scanned',
      'This PDF holds pictures of pages and no text. Upload a picture of the page instead, or ask your bank for a PDF with text.',
    );
  }
  return answer.pages;
}

interface Answer {
  readonly pages?: string[];
  readonly failed?: string;
}

async function inThread(bytes: Buffer, timeoutMs: number): Promise<Answer> {
  const worker = new Worker(WORKER, {
    workerData: { bytes, mostPages: MOST_PDF_PAGES },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    // Its library says on the console what it thinks of a document.
    stdout: true,
    stderr: true,
  });
  try {
    const [answer] = (await once(worker, 'message', { signal: AbortSignal.timeout(timeoutMs) })) as [Answer];
    return answer;
  } catch (error) {
    // Out of memory and out of time are the document's fault; anything else is ours.
    const { code, name } = error as { code?: string; name?: string };
    if (code === 'ERR_WORKER_OUT_OF_MEMORY' || name === 'AbortError') return { failed: 'too-much' };
    throw error;
  } finally {
    await worker.terminate();
  }
}

function troubleOf({ failed }: Answer): UnreadableFile {
  switch (failed) {
    case 'PasswordException':
      return new UnreadableFile(
        'pdf-encrypted',
        'This PDF is locked with a password. Save it without one, and upload that.',
      );
    case 'too-many-pages':
      return new UnreadableFile(
        'pdf-too-many-pages',
        `A PDF may have at most ${MOST_PDF_PAGES} pages. Save the pages with the movements, and upload those.`,
      );
    case 'too-much':
      return new UnreadableFile('pdf-too-much', 'This PDF takes too long to read. Save a part of it, and upload that.');
    default:
      return new UnreadableFile(
        'pdf-broken',
        'This PDF cannot be read; it may be damaged. Save it again, and upload that.',
      );
  }
}
