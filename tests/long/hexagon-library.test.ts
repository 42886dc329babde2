import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isFloat } from '../../src/kernels/arithmetic.ts';
import type { DType } from '../../src/kernels/ir.ts';
import { libraryKernel, libraryKernels } from '../../src/kernels/library.ts';
import { HexagonBuilds } from '../../src/targets/npu/compiled/builds.ts';
import { hexagonCodeOf } from '../../src/targets/npu/compiled/code.ts';
import { compiledSpace } from '../../src/targets/npu/compiled/compiled-space.ts';
import { findHexagonTools } from '../../src/targets/npu/compiled/hexagon-tools.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';

const tools = await findHexagonTools();
const absent = typeof tools === 'string' ? ` (skipped: ${tools})` : '';
const folder = mkdtempSync(join(tmpdir(), 'nightshift-hexagon-library-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The library's kernels in every dtype that is compiled. */
const cases = libraryKernels.flatMap(({ name, dtypes }) =>
  dtypes
    .filter((dtype) => isCompiled(name, dtype))
    .map((dtype) => ({ name, dtype, widths: isFloat(dtype) ? [0] : [0, 128, 256] })),
);

function isCompiled(name: string, dtype: DType): boolean {
  try {
    compiledSpace(libraryKernel(name, undefined, dtype), loadTarget('hexagon-v73'), true);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(absent !== '')(`code for Hexagon, executed${absent}`, { timeout: 120_000 }, () => {
  it.each(cases)('of $name $dtype agrees with the float64 reference', async ({ name, dtype, widths }) => {
    if (typeof tools === 'string') throw new Error(tools);
    const kernel = libraryKernel(name, undefined, dtype);
    const plan = { tools, processor: 'hexagonv73', folder, atOnce: 1, timeoutMs: 60_000 };
    const builds = new HexagonBuilds(plan);
    for (const vectorBytes of widths) {
      for (const unroll of [1, 4]) {
        for (const alignment of ['any', 'vectors']) {
          const member = { vectorBytes, unroll, alignment, vectorCombine: 'off' };
          const code = hexagonCodeOf(member, 'newton');
          expect(await builds.check(kernel, code)).toEqual({ state: 'correct' });
        }
      }
    }
    await builds.close();
  });
});
