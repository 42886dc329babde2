import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../search-space/input-error.ts';
import { nestingOf, parseJson } from './parse-json.ts';

const LARGEST = 64 * 2 ** 20;
const DEEPEST = 64;

/**
 * A JSON file that a person may have written, plain or gzipped, whole. Throws InputError that names `field`
 * where there is none, where it is no JSON, larger than 64 MiB, or nested more than 64 deep.
 */
export function readJsonFile(field: string, path: string): unknown {
  const text = textOf(field, path);
  if (nestingOf(text) > DEEPEST)
    throw new InputError(field, `${path} is nested more than ${DEEPEST} brackets deep`);
  try {
    return parseJson(text);
  } catch (error) {
    throw new InputError(
      field,
      `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function textOf(field: string, path: string): string {
  try {
    if (statSync(path).size > LARGEST) throw tooLarge(field, path);
    const bytes = readFileSync(path);
    const isGzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isGzipped ? gunzipSync(bytes, { maxOutputLength: LARGEST }) : bytes).toString('utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(field, path);
    throw new InputError(
      field,
      code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}`,
      'is the path right?',
    );
  }
}

function tooLarge(field: string, path: string): InputError {
  return new InputError(field, `${path} is larger than 64 MiB`);
}
