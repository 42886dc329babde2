import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../../search-space/input-error.ts';

/** More than this is no file that a person hands over. */
const MOST_BYTES = 256 << 20;

/** A file's text. Throws InputError naming the field and the path where it cannot be read, or is too large. */
export function readText(field: string, path: string): string {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new InputError(field, `${path} is no file`, 'name a file');
    if (stats.size > MOST_BYTES)
      throw new InputError(field, `${path} has ${stats.size} bytes`, `at most ${MOST_BYTES} are read`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new InputError(field, `${path}: ${isMissing ? 'there is no such file' : 'it cannot be read'}`);
  }
}

/** A file's JSON. Throws InputError also where it is none. */
export function readJson(field: string, path: string): unknown {
  const text = readText(field, path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(field, `${path} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}
