import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InputError } from '../search-space/input-error.ts';
import { permittedText, targetFields } from '../src/targets/npu/machine/fields.ts';
import { loadTarget, parseTarget } from '../src/targets/npu/machine/load.ts';
import { applyWhatIf, whatIfs } from '../src/targets/npu/machine/what-if.ts';

const PAGE = readFileSync(new URL('../docs/targets.md', import.meta.url), 'utf8');
const [, FIELDS] = PAGE.split('## Every field');

/** The fields of each row's first cell with the row's second cell. */
const rows = FIELDS.split('\n').flatMap((line) => {
  const [, names = '', limits = ''] = line.split('|');
  return [...names.matchAll(/`([\w.[\]]+)`/g)].map(([, name]) => [name, limits] as const);
});

describe('docs/targets.md', () => {
  it('has a row for each field of the schema, and for no other', () => {
    const documented = rows.map(([name]) => name);
    expect(documented.toSorted()).toEqual(
      targetFields()
        .map(([path]) => path)
        .toSorted(),
    );
  });

  it.each(targetFields())('says what %s can be', (path, node) => {
    const [, limits] = rows.find(([name]) => name === path) ?? [];
    expect(limits).toContain(permittedText(node));
  });

  it('names no field that does not exist', () => {
    const known = targetFields().map(([path]) => path);
    const named = [...PAGE.matchAll(/`((?:\w+(?:\[\])?\.)+\w+)`/g)].map(([, name]) => name);
    const files = /\.(json|ts|md)$/;
    expect(named.filter((name) => !files.test(name) && !known.includes(name))).toEqual([]);
  });

  it('shows what-ifs that can be asked, and each of them', () => {
    const shownIfs = [...PAGE.matchAll(/--what-if ([\w-]+=\w+)/g)].map(([, assignment]) => assignment);
    for (const assignment of shownIfs) applyWhatIf(loadTarget('edge-2mib'), assignment);
    const names = new Set(shownIfs.map((assignment) => assignment.split('=')[0]));
    expect([...names]).toEqual(expect.arrayContaining(Object.keys(whatIfs)));
  });
});

const copy = z
  .record(z.string(), z.json())
  .parse(
    JSON.parse(
      readFileSync(new URL('../src/targets/npu/machine/data/edge-2mib.json', import.meta.url), 'utf8'),
    ),
  );
const partOf = (key: string) => z.record(z.string(), z.json()).parse(copy[key]);
const figure = (value: number) => ({ value, source: 'a guess' });
const memory = z.array(z.record(z.string(), z.json())).parse(copy.memory);

it.each([
  ['a clock of 1000 GHz', { clockGHz: figure(1000) }],
  ['a bare number', { clockGHz: 1.4 }],
  ['a figure without its source', { callUs: { value: 1 } }],
  ['a field with a letter missing', { dma: { ...partOf('dma'), perQueueGB: figure(10) } }],
  ['a width that no register has', { vector: { ...partOf('vector'), bytes: figure(100) } }],
  ['a last level with a size', { memory: memory.map((level) => ({ ...level, bytes: figure(1024) })) }],
  [
    'a default that the compiler does not have',
    { compiler: { ...partOf('compiler'), default: { vectorized: true, unroll: 3, staging: 'copy' } } },
  ],
])('docs/targets.md shows the error of %s as it is', (_, change) => {
  expect(PAGE).toContain(`nightshift: ${refusalOf({ ...copy, ...change })}\n`);
});

function refusalOf(content: unknown): string {
  try {
    parseTarget(content, './mine.json');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'not refused';
}
