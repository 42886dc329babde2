import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import { readJson, readText } from './read-json.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-read-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

it('reads text and JSON, plain and gzipped', () => {
  const long = 'ü'.repeat(100_000);
  expect(readText('--f', written('long.txt', long))).toBe(long);
  expect(readText('--f', written('empty.txt', ''))).toBe('');
  expect(readJson('--f', written('plain.json', '{"a": [1]}'))).toEqual({ a: [1] });
  expect(readJson('--f', written('packed.json.gz', gzipSync('{"a": [1]}')))).toEqual({ a: [1] });
});

it.each([
  ['an absent file', join(folder, 'absent.json'), 'there is no such file'],
  ['a folder', folder, 'it is a folder'],
  ['invalid JSON', written('broken.json', '{'), 'is not JSON'],
  [
    'JSON nested too deep',
    written('deep.json', `${'['.repeat(5000)}${']'.repeat(5000)}`),
    'is nested more than 200 deep',
  ],
  ['a truncated gzip file', written('broken.gz', gzipSync('{"a": 1}').subarray(0, 12)), 'it cannot be read'],
  ['an endless file', '/dev/zero', 'it has more than 256 MiB'],
  ['a gzip bomb', bomb(), 'it has more than 256 MiB'],
])('names the field and the path of %s', (_, path, why) => {
  const attempt = () => readJson('--f', path);
  expect(attempt).toThrow(InputError);
  expect(attempt).toThrow(`--f: ${path}`);
  expect(attempt).toThrow(why);
});

/** A file of about 260 KiB that unpacks to 260 MiB of zeros. */
function bomb(): string {
  const tenth = gzipSync(Buffer.alloc(26 << 20));
  return written('bomb.gz', Buffer.concat(Array.from({ length: 10 }, () => tenth)));
}
