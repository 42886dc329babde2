import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { documentSchemas } from '../../src/documents/index.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const SCHEMAS = fileURLToPath(new URL('../../docs/schema/', import.meta.url));
const folder = temporaryFolder();
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
const nightshift = (line: string) => inProcess(line.split(' '), env);
afterAll(folder.remove);

beforeAll(async () => {
  const { code } = await nightshift('tune gelu --shape 16384 --strategy random --trials 30 --quiet');
  expect(code).toBe(0);
});

describe('every command prints a document of its schema', () => {
  it.each([
    ['study', 'tune relu --shape 16384 --strategy random --trials 20 --quiet --format json'],
    ['study', 'ladder gelu --format json'],
    ['best', 'best gelu --shape 16384 --format json'],
    ['scaling', 'scaling gelu --sizes 2^10..2^12 --strategy random --trials 20 --quiet --format json'],
    ['simulate', 'simulate gelu --set threads=4 --format json'],
    ['simulate', 'simulate gelu --target hexagon-mlir --what-if writeback=overlapped --format json'],
    ['what-if', 'best relu --target edge-2mib --what-if dma.setupUs=1 --format json'],
    ['kernel', 'kernel show softmax --format json'],
    ['kernel', 'kernel show softmax --nest --format json'],
    ['importance', 'importance gelu --shape 16384 --format json'],
    ['why', 'why gelu --shape 16384 --format json'],
    ['ab', 'ab gelu --a threads=4 --b threads=2 --format json'],
    ['space', 'space softmax --format json'],
    ['space', 'tune gelu --dry-run --format json'],
    ['kernels', 'kernels --format json'],
    ['targets', 'targets --format json'],
    ['figures', 'targets hexagon-v75 --format json'],
    ['studies', 'studies --format json'],
    ['trials', 'trials --format json --limit 5'],
  ])('%s: %s', async (name, line) => {
    const { code, stdout, stderr } = await nightshift(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(documentSchemas[name].safeParse(JSON.parse(stdout)).error?.issues).toBeUndefined();
  });
});

describe('docs/schema', () => {
  it('has a file for each document, and no others', () => {
    const written = readdirSync(SCHEMAS);
    for (const name of Object.keys(documentSchemas)) expect(written).toContain(`${name}.json`);
  });
  it.each(Object.entries(documentSchemas))('%s.json matches the code', (name, schema) => {
    const written: unknown = JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(schema))));
  });
});
