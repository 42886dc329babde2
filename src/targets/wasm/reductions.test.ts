import { describe, expect, it } from 'vitest';
import { defineKernel } from '../../kernels/builder.ts';
import { COMBINE } from '../../kernels/combine.ts';
import type { DType, Kernel } from '../../kernels/ir.ts';
import { tableNames } from '../../kernels/ops/table-names.ts';
import { Harness } from './harness.fixture.ts';

const ROWS = 5;
const COLUMNS = 37;

/** Reduces each row (or each column), of numbers or of whether they are above ½. */
function reduction(kind: keyof typeof COMBINE, dtype: DType, over: 'rows' | 'columns'): Kernel {
  return defineKernel(kind, { shape: [ROWS, COLUMNS], dtype }, (k) => {
    const i = k.dimension('i', ROWS);
    const j = k.dimension('j', COLUMNS);
    const x = k.input('x', dtype, [ROWS, COLUMNS]).at(i, j);
    const truth = kind === 'any' || kind === 'all';
    const value = truth ? x.gt(0.5) : kind === 'product' ? x.max(0.9).min(1.1) : x;
    const [reduced, kept] = over === 'rows' ? [i, j] : [j, i];
    const result = k.reduce(kind, value, reduced);
    const out = k.output('out', dtype, [over === 'rows' ? COLUMNS : ROWS]);
    k.store(out, [kept], truth ? result.to(dtype) : result);
  });
}

describe.each(tableNames(COMBINE))('the reduction %s', (kind) => {
  it.each(['columns', 'rows'] as const)('over %s gives the reference for any lanes', async (over) => {
    const harness = new Harness(reduction(kind, 'f32', over));
    for (const configuration of [{ lanes: 1, scalarUnroll: 4 }, { lanes: 4 }, { lanes: 16 }])
      expect(await harness.verify(configuration)).toBeUndefined();
  });
});
