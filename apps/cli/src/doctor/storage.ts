import { ObjectStore, StorageError, type StorageSettings } from '@scani/storage';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { type Diagnosis, type Examination, fail, messageOf, ok, skipped } from './examination.js';

const NAMES = ['s3', 's3-objects', 's3-public', 's3-upload-size', 's3-cors'] as const;
const FETCH_MS = 5_000;
const PROBE = 'Scani looks whether files can be kept here; this one is deleted at once.';

/** All of them need the bucket; where it cannot be used, `s3` says so and the others are skipped. */
export function storageExaminations(settings: StorageSettings | null, frontendUrl: string | undefined): Examination[] {
  if (!settings) {
    const lost = skipped(
      'No object storage is configured: uploads of up to 10 MB go through the api, and their originals are not kept.',
    );
    return [{ name: 's3', run: () => Promise.resolve(lost) }];
  }
  const store = new ObjectStore(settings);
  const pinged = store.ping();
  // The first examination tells of it; the others only wait for it.
  pinged.catch(() => undefined);
  const looks: readonly (() => Promise<Diagnosis>)[] = [
    () => objects(store),
    () => publicUpload(store, settings),
    () => uploadSize(store),
    () => cors(store, frontendUrl),
  ];
  const waiting = looks.map((look, index) => ({
    name: NAMES[index + 1] as string,
    run: () => pinged.then(look, () => skipped('The bucket cannot be used, so this could not be looked at.')),
  }));
  return [{ name: NAMES[0], run: () => bucket(pinged, settings) }, ...waiting];
}

const REMEDIES: Readonly<Record<StorageError['code'], string>> = {
  'missing-bucket': 'Create the bucket, or correct S3_BUCKET; Scani makes none by itself.',
  'missing-object': 'The store forgot an object at once: look at its lifecycle rules.',
  denied: 'Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, and that they may list, put, get and delete in the bucket.',
  unreachable: 'Check S3_ENDPOINT, DNS and the way from here to the store.',
  failed: 'See the log of the store; S3_REGION may have to be that of the bucket.',
};

function refused(error: unknown): Diagnosis {
  if (!(error instanceof StorageError)) throw error;
  return fail(error.message, REMEDIES[error.code], { code: error.code });
}

async function bucket(pinged: Promise<void>, settings: StorageSettings): Promise<Diagnosis> {
  try {
    await pinged;
  } catch (error) {
    return refused(error);
  }
  return ok(`The bucket ${settings.bucket} is there, and the keys open it.`, {
    endpoint: settings.endpoint,
    publicEndpoint: settings.publicEndpoint,
    staticKeys: settings.keys !== null,
  });
}

async function objects(store: ObjectStore): Promise<Diagnosis> {
  const key = probeKey();
  try {
    await store.put(key, Buffer.from(PROBE), { contentType: 'text/plain' });
    const same = (await text((await store.get(key)).body)) === PROBE;
    await store.delete(key);
    const gone = (await store.head(key)) === null;
    if (!same)
      return fail('The store gave back other bytes than it was given.', 'Use another store; this one changes files.');
    if (!gone)
      return fail('A deleted object is still there.', 'Allow deleting, and turn off locks on objects in the bucket.');
    return ok('An object was put, read and deleted.');
  } catch (error) {
    return refused(error);
  } finally {
    await store.delete(key).catch(() => undefined);
  }
}

async function publicUpload(store: ObjectStore, { publicEndpoint }: StorageSettings): Promise<Diagnosis> {
  return withLink(store, async ({ url, headers }, key) => {
    const answer = await send(url, { method: 'PUT', headers, body: PROBE });
    if (answer.failed && isOwnName(publicEndpoint)) {
      return skipped(`${publicEndpoint} is the name of the machine itself: only from there it can be tried.`);
    }
    if (answer.failed) {
      return fail(
        `${publicEndpoint} cannot be reached from here: ${answer.failed}.`,
        'Check S3_PUBLIC_ENDPOINT. Where only browsers reach it, try it from one.',
      );
    }
    if (!answer.ok) {
      return fail(
        `${publicEndpoint} refused an upload with a presigned link (status ${answer.status}).`,
        'S3_PUBLIC_ENDPOINT must be the same store under another name; a proxy in between must keep the Host header.',
        { status: answer.status },
      );
    }
    return (await store.head(key))
      ? ok(`A browser's upload through ${publicEndpoint} arrives.`)
      : fail(`What ${publicEndpoint} took is not in the bucket.`, 'S3_PUBLIC_ENDPOINT leads to another store.');
  });
}

async function uploadSize(store: ObjectStore): Promise<Diagnosis> {
  return withLink(store, async ({ url, headers }) => {
    const answer = await send(url, { method: 'PUT', headers, body: `${PROBE}${PROBE}` });
    if (answer.failed) return skipped(`The public endpoint cannot be reached from here: ${answer.failed}.`);
    if (!answer.ok) return ok('An upload that is larger than was agreed is refused.', { status: answer.status });
    return fail(
      'The store takes more bytes than the presigned link allows, so people could fill it.',
      'Use a store that checks the signed Content-Length, or limit the size of requests in front of it.',
      { status: answer.status },
    );
  });
}

async function cors(store: ObjectStore, frontendUrl: string | undefined): Promise<Diagnosis> {
  if (frontendUrl === undefined) return skipped('FRONTEND_URL is not set, so nobody knows which page would ask.');
  const origin = new URL(frontendUrl).origin;
  return withLink(store, async ({ url }) => {
    const answer = await send(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      },
    });
    if (answer.failed) return skipped(`The public endpoint cannot be reached from here: ${answer.failed}.`);
    const allowed = answer.header('access-control-allow-origin');
    const methods = answer.header('access-control-allow-methods') ?? '';
    const facts = { origin, allowed: allowed ?? null, methods };
    if (answer.ok && (allowed === '*' || allowed === origin) && /\bPUT\b|\*/.test(methods)) {
      return ok(`The store lets the page at ${origin} upload.`, facts);
    }
    return fail(
      `The store does not let the page at ${origin} upload, so a browser's upload fails.`,
      `Set CORS of the bucket: AllowedOrigins ["${origin}"], AllowedMethods ["PUT","GET"], AllowedHeaders ["*"].`,
      facts,
    );
  });
}

/** In a container it names the container, for a browser on the same machine the machine. */
const isOwnName = (endpoint: string): boolean => /^(localhost|127\.|\[::1\])/.test(new URL(endpoint).host);

const probeKey = (): string => `doctor/${randomUUID()}`;

type Link = Awaited<ReturnType<ObjectStore['presignPut']>>;

/** A link for exactly the probe, and nothing left behind. */
async function withLink(store: ObjectStore, look: (link: Link, key: string) => Promise<Diagnosis>): Promise<Diagnosis> {
  const key = probeKey();
  try {
    return await look(
      await store.presignPut({ key, size: PROBE.length, contentType: 'text/plain', expiresSeconds: 60 }),
      key,
    );
  } catch (error) {
    return refused(error);
  } finally {
    await store.delete(key).catch(() => undefined);
  }
}

interface Sent {
  ok: boolean;
  status: number;
  failed: string | undefined;
  header(name: string): string | undefined;
}

async function send(url: string, init: RequestInit): Promise<Sent> {
  try {
    const answer = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(FETCH_MS) });
    await answer.body?.cancel();
    return {
      ok: answer.ok,
      status: answer.status,
      failed: undefined,
      header: (name) => answer.headers.get(name) ?? undefined,
    };
  } catch (error) {
    // The address itself is signed and stays out; fetch keeps the reason in the cause.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const failed = (cause as { code?: string }).code ?? (cause as Error).name ?? messageOf(cause);
    return { ok: false, status: 0, failed, header: () => undefined };
  }
}
