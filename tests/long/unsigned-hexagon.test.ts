import { expect, it } from 'vitest';
import { compiledFolder } from '../../src/targets/native/machine-here.fixture.ts';
import { compiledBackend } from '../../src/targets/npu/compiled/compiled-backend.ts';
import { compiledSpace } from '../../src/targets/npu/compiled/compiled-space.ts';
import { findHexagonTools } from '../../src/targets/npu/compiled/hexagon-tools.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { kernelOf } from '../ttir/unsigned.fixture.ts';

const folder = compiledFolder();
const VECTOR_BYTES = 'vectorBytes';
const tools = await findHexagonTools();

it.skipIf(typeof tools === 'string').each([8, 32])(
  'C for Hexagon of unsigned operations on i%i gives the reference, as vectors and not',
  async (bits) => {
    if (typeof tools === 'string') throw new Error(tools);
    // Hexagon has no instruction that divides whole numbers: it calls a function, whose packets nobody counts.
    const some = ['shrui %s', 'cmpi ult', 'maxui %y', 'uitofp'];
    const kernel = kernelOf(bits, ({ name }) => some.includes(name));
    const target = loadTarget('hexagon-v73');
    const space = compiledSpace(kernel, target, true);
    const processor = 'hexagonv73';
    const backend = await compiledBackend({ kernel, target, space, tools, processor, folder });
    const { signal } = new AbortController();
    for (const vectorBytes of [0, 128]) {
      let place = 0;
      while (space.at(place)[VECTOR_BYTES] !== vectorBytes) place++;
      const proposed = { configuration: space.at(place), subset: 'vec', origin: 'test' } as const;
      const prepared = await backend.prepare(proposed, signal);
      if (prepared.state === 'invalid') throw new Error(prepared.message);
      expect(await backend.verify(prepared.variant, signal)).toEqual({ state: 'correct' });
    }
  },
  300_000,
);
