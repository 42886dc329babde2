import { describe, expect, it } from 'vitest';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { originsOf } from '../../src/targets/npu/machine/origins.ts';
import { countCalls } from './calls.ts';

const counts = countCalls() ?? [];
const range = originsOf(loadTarget('hexagon-mlir')).get('ops.vectorCall')?.range;
/** The most cycles that a packet takes: the bound of the factor on latencies. */
const MOST_CYCLES = 8;

describe('calling a vector function', () => {
  it.skipIf(counts.length === 0)(
    'takes, by the packets of object code, what the range of hexagon-mlir says (skipped without clang for hexagon)',
    () => {
      const [least, most] = range ?? [0, 0];
      for (const { inlined, called } of counts) {
        // Compilers differ; the range was stated by clang 14.
        expect(called - inlined).toBeGreaterThanOrEqual(0.75 * least);
        expect((called - inlined) * MOST_CYCLES).toBeLessThanOrEqual(1.25 * most);
      }
    },
  );
});
