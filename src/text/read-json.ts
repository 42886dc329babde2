import { closeSync, openSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../search-space/input-error.ts';
import { parseJson } from './parse-json.ts';

/** The largest file that is read, packed and unpacked. */
const MOST_BYTES = 256 << 20;
const CHUNK_BYTES = 1 << 16;

/**
 * A file's text, unzipped if it is gzipped. Throws InputError that names the field and the path if it
 * cannot be read or is too large.
 */
export function readText(field: string, path: string): string {
  try {
    return unpacked(bytesOf(path)).toString('utf8');
  } catch (error) {
    throw new InputError(field, `${path}: ${whyNot(error)}`);
  }
}

/**
 * A file's JSON, plain or gzipped; NaN, which Python writes, is read as null. Throws InputError as
 * `readText` does, and if the JSON is invalid or nested too deep.
 */
export function readJson(field: string, path: string): unknown {
  return parseJson(`${field}: ${path}`, readText(field, path));
}

/** Reads in chunks: the length of a pipe is unknown and may be infinite. */
function bytesOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; size <= MOST_BYTES; ) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const count = readSync(file, chunk);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      size += count;
    }
    throw new TooLarge();
  } finally {
    closeSync(file);
  }
}

function unpacked(bytes: Buffer): Buffer {
  const isGzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzipped ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
}

class TooLarge extends Error {
  readonly code = 'ERR_BUFFER_TOO_LARGE';
}

function whyNot(error: unknown): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'ERR_BUFFER_TOO_LARGE':
      return `it has more than ${MOST_BYTES >> 20} MiB`;
    default:
      return 'it cannot be read';
  }
}
