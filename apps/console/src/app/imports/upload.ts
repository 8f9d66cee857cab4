import type { Upload } from '../../api/models';
import { ApiError } from '../shell/problem';

const TYPES: Record<string, string> = {
  csv: 'text/csv',
  tsv: 'text/csv',
  txt: 'text/plain',
  ofx: 'application/x-ofx',
  qfx: 'application/x-ofx',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

/** The type that the upload is signed for; browsers know none for OFX. */
export function contentTypeOf(file: File): string {
  return file.type || (TYPES[file.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream');
}

/** Sends the file where the api says. XMLHttpRequest, because fetch does not report how much has been sent. */
export function send(file: File, upload: Upload, progress: (sent: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(upload.method, upload.url);
    for (const [name, value] of Object.entries(upload.headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', (event) => progress(event.loaded));
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new ApiError(request.status, problemIn(request.responseText)));
    });
    request.addEventListener('error', () => reject(new ApiError(0, undefined)));
    request.send(file);
  });
}

function problemIn(text: string): ApiError['problem'] {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'title' in body ? (body as ApiError['problem']) : undefined;
  } catch {
    return undefined; // object stores answer in XML; the status is then all we can say
  }
}
