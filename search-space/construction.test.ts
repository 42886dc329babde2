import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineSpace } from './define-space.ts';
import { readSpaceFile } from './space-file.ts';

type Counted = Readonly<{ name: string; valid: number }>;

const shared = new URL('../../shared/spaces/construction.json', import.meta.url);
const own = new URL('./testdata/definitions.json', import.meta.url);
const read = (file: URL): readonly Counted[] => JSON.parse(readFileSync(file, 'utf8'));

function countsAgree(definition: Counted): void {
  const { parameters, constraints } = readSpaceFile(definition);
  const space = defineSpace(parameters, constraints);
  expect(space.size).toBe(definition.valid);
  for (const index of [0, space.size >> 1, space.size - 1])
    expect(space.indexOf(space.at(index))).toBe(index);
}

describe("counts of published kernels' spaces", () => {
  it.each(read(own))('$name', countsAgree);
});

describe.skipIf(!existsSync(shared))(
  'counts of the shared definitions (skipped where they are not there)',
  () => {
    it.each(existsSync(shared) ? read(shared) : [])('$name', countsAgree);
  },
);
