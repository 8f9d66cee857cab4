/** What a chosen file is, as far as its name and type tell; the server looks at its bytes. */
export type FileKind = 'picture' | 'document' | 'statement';

export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp'];
/** Of phones, which then offer their camera and their pictures as well, and turn other formats into these. */
export const ACCEPTED = [
  '.csv',
  '.tsv',
  '.txt',
  '.ofx',
  '.qfx',
  'text/csv',
  '.pdf',
  'application/pdf',
  ...PICTURE_TYPES,
].join(',');

export function kindOf(file: Pick<File, 'name' | 'type'>): FileKind {
  if (file.type === 'application/pdf' || /\.pdf$/i.test(file.name)) return 'document';
  return file.type.startsWith('image/') || /\.(png|jpe?g|webp)$/i.test(file.name) ? 'picture' : 'statement';
}

/** When what a picture shows was so: when it was taken, as far as its file says. */
export function takenAt(file: Pick<File, 'lastModified'>, now = Date.now()): string {
  const at = file.lastModified > 0 && file.lastModified <= now ? file.lastModified : now;
  return new Date(at).toISOString();
}
