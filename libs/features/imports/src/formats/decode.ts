import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { UnreadableFile } from './statement.js';

const SAMPLE_BYTES = 64_000;
const FALLBACK = 'windows-1252';
/** Guesses of other families mean that the file is no text of a bank; a guess that is this unsure is not worth more than the fallback. */
const LEAST_CONFIDENCE = 30;

const KNOWN_BINARY: readonly { start: readonly number[]; what: string }[] = [
  { start: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' },
  { start: [0x50, 0x4b, 0x03, 0x04], what: 'an Excel workbook or another archive' },
  { start: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook' },
  { start: [0x1f, 0x8b], what: 'a compressed file' },
];

/**
 * Text of a file in UTF-8, UTF-16 or a Windows or ISO 8-bit encoding. A byte order mark decides; without one, valid
 * UTF-8 is UTF-8; the rest is guessed from its letters. Throws UnreadableFile for what is no text.
 */
export function decode(bytes: Buffer): string {
  if (bytes.length === 0) throw new UnreadableFile('empty-file', 'This file is empty. Export it again.');
  const binary = KNOWN_BINARY.find(({ start }) => start.every((byte, index) => bytes[index] === byte));
  if (binary) {
    throw new UnreadableFile('not-text', `This is ${binary.what}. Export the statement as CSV or OFX instead.`);
  }
  const encoding = encodingOf(bytes);
  const text = iconv.decode(bytes, encoding);
  if (text.includes('\u0000')) {
    throw new UnreadableFile('not-text', 'This file is not text. Export the statement as CSV or OFX.');
  }
  return text;
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const wide = wideWithoutMark(bytes);
  if (wide) return wide;
  if (isUtf8(bytes)) return 'utf-8';
  const declared = declaredIn(bytes);
  if (declared) return declared;
  const guesses = analyse(bytes.subarray(0, SAMPLE_BYTES)).filter(({ name }) => !/^UTF/i.test(name));
  const best = guesses[0];
  if (!best || best.confidence < LEAST_CONFIDENCE || !iconv.encodingExists(best.name)) return FALLBACK;
  // Windows-1252 is ISO-8859-1 with the euro sign and typographic quotes where the latter has control characters.
  return best.name === 'ISO-8859-1' ? FALLBACK : best.name;
}

/** OFX 1.x says `CHARSET:1252` in its header, OFX 2.x has an XML declaration. */
function declaredIn(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 1_000);
  const page = /^CHARSET:\s*(\d{3,5})\s*$/m.exec(start)?.[1];
  const name = page ? `windows-${page}` : /<\?xml[^>]*encoding=["']([\w.-]+)["']/i.exec(start)?.[1];
  return name && !/^utf/i.test(name) && iconv.encodingExists(name) ? name : undefined;
}

/** ASCII in UTF-16 has a zero in every other byte. */
function wideWithoutMark(bytes: Buffer): string | undefined {
  const sample = bytes.subarray(0, 1_000);
  let even = 0;
  let odd = 0;
  sample.forEach((byte, index) => {
    if (byte !== 0) return;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  });
  const many = sample.length / 4;
  if (odd > many && even === 0) return 'utf-16le';
  if (even > many && odd === 0) return 'utf-16be';
  return undefined;
}

function isUtf8(bytes: Buffer): boolean {
  try {
    // As a stream, because the part that a preview reads may end within a letter.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false; // the only way in which the decoder tells
  }
}
