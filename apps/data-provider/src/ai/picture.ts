import { Invalid } from '@scani/runtime';
import { imageSize } from 'image-size';

/** By their first bytes, whatever their name or type says. */
const MEDIA_TYPES: Readonly<Record<string, string>> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' };

export const LARGEST_PICTURE = 8_000_000;
const SHORTEST_SIDE = 32;
const LONGEST_SIDE = 16_000;
const MOST_PIXELS = 60_000_000;

export interface Picture {
  readonly mediaType: string;
  readonly base64: string;
}

/** A picture that a model may be shown. Throws Invalid that says what is wrong with it. */
export function pictureIn(base64: string): Picture {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== base64) throw wrong('picture-encoding', 'It is not base64.');
  if (bytes.length > LARGEST_PICTURE) {
    throw wrong('picture-too-large', `A picture may have at most ${LARGEST_PICTURE / 1_000_000} MB.`);
  }
  const { type, width, height } = sizeOf(bytes);
  const mediaType = MEDIA_TYPES[type];
  if (mediaType === undefined) throw wrong('picture-type', 'Send a PNG, JPEG or WebP.');
  if (Math.min(width, height) < SHORTEST_SIDE) {
    throw wrong('picture-dimensions', `It is ${width} × ${height} pixels, which is too small to read.`);
  }
  if (Math.max(width, height) > LONGEST_SIDE || width * height > MOST_PIXELS) {
    throw wrong('picture-dimensions', `It is ${width} × ${height} pixels, which is too large. Cut it into parts.`);
  }
  return { mediaType, base64 };
}

function sizeOf(bytes: Buffer): { type: string; width: number; height: number } {
  try {
    const { type = '', width, height } = imageSize(bytes);
    return { type, width, height };
  } catch {
    // The library throws whatever its readers meet in bytes that are no picture.
    return { type: '', width: 0, height: 0 };
  }
}

const wrong = (code: string, detail: string): Invalid => new Invalid(code, detail, [{ pointer: '/picture', detail }]);
