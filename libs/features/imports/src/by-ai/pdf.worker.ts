// Runs in a thread of its own, so that a document that takes too long can be ended. Only packages are imported here: it is
// started from its source in tests and from the build elsewhere.
import { parentPort, workerData } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';

interface Item {
  str?: string;
  transform?: number[];
  width?: number;
}

const { bytes, mostPages } = workerData as { bytes: Uint8Array; mostPages: number };
/** Texts whose base lines are closer than this (in points) are one line. */
const ONE_LINE = 3;

async function pagesOf(): Promise<object> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes));
  if (pdf.numPages > mostPages) return { failed: 'too-many-pages' };
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const content = await (await pdf.getPage(number)).getTextContent();
    pages.push(linesOf(content.items as Item[]));
  }
  return { pages };
}

/** Top to bottom, and left to right within a line, as people read a table. */
function linesOf(items: readonly Item[]): string {
  const placed = items.flatMap(({ str, transform, width }) =>
    str?.trim() && transform
      ? [{ text: str.trim(), x: transform[4] ?? 0, y: transform[5] ?? 0, width: width ?? 0 }]
      : [],
  );
  placed.sort((one, other) => other.y - one.y || one.x - other.x);
  const lines: (typeof placed)[] = [];
  for (const item of placed) {
    const line = lines.at(-1);
    if (line?.[0] && Math.abs(line[0].y - item.y) <= ONE_LINE) line.push(item);
    else lines.push([item]);
  }
  return lines
    .map((line) =>
      line
        .sort((one, other) => one.x - other.x)
        .map(({ text }) => text)
        .join('  '),
    )
    .join('\n');
}

// oxlint-disable unicorn/require-post-message-target-origin -- a thread has no origin
pagesOf().then(
  (answer) => parentPort?.postMessage(answer),
  (error: unknown) => parentPort?.postMessage({ failed: (error as { name?: unknown } | null)?.name ?? 'Error' }),
);
