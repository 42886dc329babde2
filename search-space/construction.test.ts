import { createHash } from 'node:crypto';
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

/** A seed repeats a study only as long as an index means the same configuration: stored studies would differ. */
describe('the order of members', () => {
  it.each([
    ['dedispersion', '617a86953a24d371', 'd895e572444acabb'],
    ['gemm', 'f1f0291cf0c275c3', 'a1ef6391e4f8dd78'],
    ['atf_prl_4x4', '5a4416a25edfb4bb', 'a18a2eae0e89da1c'],
  ])('of %s stays as it is', (name, hash, members) => {
    const { parameters, constraints } = readSpaceFile(read(own).find((each) => each.name === name));
    const space = defineSpace(parameters, constraints);
    const digest = createHash('sha256');
    for (let i = 0; i < 500; i++) digest.update(JSON.stringify(space.at(Math.floor((i * space.size) / 500))));
    expect([space.hash, digest.digest('hex').slice(0, 16)]).toEqual([hash, members]);
  });

  it('is by digits, of the parameters as they are decided', () => {
    const { parameters, constraints } = readSpaceFile({
      parameters: [
        { name: 'tile', values: [1, 2, 4] },
        { name: 'mode', values: ['copy', 'dma'] },
        { name: 'threads', values: [1, 2] },
      ],
      constraints: ['tile * threads <= 4', "mode == 'copy' or tile > 1"],
    });
    const space = defineSpace(parameters, constraints);
    const members = Array.from({ length: space.size }, (_, i) => Object.values(space.at(i)).join(' '));
    expect(members).toEqual([
      '1 copy 1',
      '1 copy 2',
      '2 copy 1',
      '2 copy 2',
      '4 copy 1',
      '2 dma 1',
      '2 dma 2',
      '4 dma 1',
    ]);
  });
});
