import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Loaded } from './data.ts';
import { copyRows } from './floors.ts';
import type { BenchStack } from './stack.ts';
import { type Line, megabytes, seconds } from './table.ts';

const ROWS = 50_000;

interface Import {
  id: string;
  state: string;
  sample?: { suggestion: object };
}

/** A bank statement as a person imports it: handed in, read, looked at, confirmed, recorded. */
export async function importCase(stack: BenchStack, data: Loaded): Promise<Line[]> {
  const cookie = await stack.signIn(data.email);
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(path.startsWith('http') ? path : `${stack.api}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : {}) as T;
  };
  const { id: accountId } = await ask<{ id: string }>('POST', '/api/accounts', {
    name: `Statement ${randomUUID()}`,
    kind: 'asset',
    currency: 'EUR',
    institution: { name: 'Northbank', kind: 'bank' },
  });
  const bytes = Buffer.from(data.statements[ROWS] ?? '');
  const before = [stack.usage('worker', true), stack.usage('api', true)];
  const begun = performance.now();
  const upload = await ask<{ id: string; url: string; headers: Record<string, string> }>('POST', '/api/uploads', {
    fileName: 'statement.csv',
    size: bytes.length,
    contentType: 'text/csv',
  });
  const put = await fetch(upload.url.startsWith('http') ? upload.url : `${stack.api}${upload.url}`, {
    method: 'PUT',
    headers: { ...upload.headers, ...(upload.url.startsWith('http') ? {} : { cookie }) },
    body: bytes,
  });
  if (!put.ok) throw new Error(`upload: ${put.status} ${await put.text()}`);
  const created = await ask<Import>('POST', '/api/imports', { accountId, uploadId: upload.id });
  const settled = async (): Promise<Import> => {
    for (;;) {
      const now = await ask<Import>('GET', `/api/imports/${created.id}`);
      if (['needs-mapping', 'to-review', 'recorded', 'failed'].includes(now.state)) return now;
      await pause(50);
    }
  };
  let now = await settled();
  if (now.state === 'needs-mapping' && now.sample) {
    await ask('PUT', `/api/imports/${created.id}/mapping`, now.sample.suggestion);
    await pause(50);
    now = await settled();
  }
  const read = performance.now() - begun;
  await ask('POST', `/api/imports/${created.id}/confirmation`, {});
  await pause(50);
  while ((now = await settled()).state === 'to-review') await pause(20);
  const took = performance.now() - begun;
  if (now.state !== 'recorded') throw new Error(`the import is ${now.state}`);
  const after = [stack.usage('worker'), stack.usage('api')];
  const floor = await copyRows(stack.pool, 'transaction', `import_id = '${created.id}'`);
  const cpu = (index: number): string => seconds((after[index]?.cpuMs ?? 0) - (before[index]?.cpuMs ?? 0));
  return [
    {
      work: `import of ${ROWS} rows, from upload to ledger`,
      figure: seconds(took),
      floor: `COPY of the rows ${seconds(floor)}`,
      ratio: took / floor,
    },
    { work: '  of that until it can be looked at', figure: seconds(read) },
    { work: '  CPU of worker and api', figure: `${cpu(0)} and ${cpu(1)}` },
    {
      work: '  most memory of worker and api',
      figure: `${megabytes(after[0]?.peakBytes ?? 0)} and ${megabytes(after[1]?.peakBytes ?? 0)}`,
    },
  ];
}
