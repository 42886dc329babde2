import { closeSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../search-space/input-error.ts';
import { parseJson } from './parse-json.ts';

/** The largest file that is read, packed and unpacked. */
const MOST_BYTES = 256 << 20;
const CHUNK_BYTES = 1 << 16;

/** The largest space file: many times the size that the limits on spaces need. */
export const MOST_OF_SPACE = 32 << 20;

/**
 * A file's text, unzipped if it is gzipped. Throws InputError that names the field and the path if it
 * cannot be read or is too large.
 */
export function readText(field: string, path: string, most = MOST_BYTES): string {
  if (isNamedPipe(path))
    throw new InputError(
      field,
      `${path}: it is a named pipe, which may wait for ever`,
      `give /dev/stdin < ${path}`,
    );
  try {
    return unpacked(bytesOf(path, most), most).toString('utf8');
  } catch (error) {
    throw new InputError(field, `${path}: ${whyNot(error, most)}`);
  }
}

/**
 * A file's JSON, plain or gzipped; NaN, which Python writes, is read as null. Throws InputError as
 * `readText` does, and if the JSON is invalid or nested too deep.
 */
export function readJson(field: string, path: string, most?: number): unknown {
  return parseJson(`${field}: ${path}`, readText(field, path, most));
}

/** A pipe in a folder, whose opening waits until somebody writes; not the one that is this process's own input. */
function isNamedPipe(path: string): boolean {
  try {
    return lstatSync(realpathSync(path)).isFIFO();
  } catch {
    return false;
  }
}

/** Reads in chunks: the length of a pipe is unknown and may be infinite. */
function bytesOf(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; size <= most; ) {
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

function unpacked(bytes: Buffer, most: number): Buffer {
  const isGzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzipped ? gunzipSync(bytes, { maxOutputLength: most }) : bytes;
}

class TooLarge extends Error {
  readonly code = 'ERR_BUFFER_TOO_LARGE';
}

function whyNot(error: unknown, most: number): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'ERR_BUFFER_TOO_LARGE':
      return `it has more than ${most >> 20} MiB`;
    default:
      return 'it cannot be read';
  }
}
