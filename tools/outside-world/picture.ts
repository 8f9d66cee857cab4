/**
 * Pictures that the played model can read: a PNG says in a tEXt chunk of its own what it shows. The real pixels come from
 * whoever made it (a browser for those of the journeys); without pixels of anybody's it is one grey square.
 */
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const KEYWORD = 'scani-reading';
const SIDE = 64;

/** A small PNG that shows nothing and says this. */
export const pictureSaying = (reading: unknown): Buffer => withReading(greySquare(), reading);

/** The same PNG, which now says what it shows: an object in the model's words, or a text that it answers as it stands. */
export function withReading(png: Buffer, reading: unknown): Buffer {
  // tEXt is Latin-1 (PNG specification, 11.3.3.2), so letters beyond it are escaped as JSON has it.
  const json = JSON.stringify(reading).replaceAll(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const header = png.subarray(0, SIGNATURE.length + 25);
  const text = chunk('tEXt', Buffer.from(`${KEYWORD}\0${json}`, 'latin1'));
  return Buffer.concat([header, text, png.subarray(header.length)]);
}

/** What a PNG says of itself; undefined for other pictures. */
export function readingIn(bytes: Buffer): unknown {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return undefined;
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const data = bytes.subarray(at + 8, at + 8 + length).toString('latin1');
    if (bytes.toString('latin1', at + 4, at + 8) === 'tEXt' && data.startsWith(`${KEYWORD}\0`)) {
      return JSON.parse(data.slice(KEYWORD.length + 1)) as unknown;
    }
    at += 12 + length;
  }
  return undefined;
}

function greySquare(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header[8] = 8; // bits; the colour type 0 is grey
  const rows = Buffer.alloc((SIDE + 1) * SIDE, 0x80);
  for (let row = 0; row < SIDE; row += 1) rows[row * (SIDE + 1)] = 0; // no filter
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
