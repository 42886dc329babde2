import { describe, expect, it } from 'vitest';
import { libraryKernels } from '../kernels/library.ts';
import { stageLoops, stageResults } from '../kernels/walk.ts';
import { lower } from '../lowering/lower.ts';
import type { LoopNest, LoweredKernel } from '../lowering/lowered-kernel.ts';
import { partsUnder } from '../lowering/maps.ts';
import { NATIVE_POLICY } from './native/policy.ts';
import { NPU_POLICY } from './npu/policy.ts';
import { WASM_POLICY } from './wasm/policy.ts';

/** What must hold for every kernel under every policy, as the simulator and emitters rely on it. */
const POLICIES = { npu: NPU_POLICY, wasm: WASM_POLICY, native: NATIVE_POLICY } as const;
const cases = Object.entries(POLICIES).flatMap(([name, policy]) =>
  libraryKernels.map((kernel) => ({
    title: `${kernel.name} by the policy of ${name}`,
    kernel: kernel.build(kernel.defaultShape, kernel.dtypes[0]),
    policy,
  })),
);

const madeIn = ({ stages }: LoopNest): readonly string[] =>
  stages.flatMap((stage) => stageResults(stage).map(({ name }) => name));
const readIn = ({ recomputed }: LoweredKernel, { stages }: LoopNest): ReadonlySet<string> =>
  new Set(
    stages.flatMap((stage) =>
      partsUnder(stage, recomputed).flatMap((part) => (part.kind === 'value' ? [part.name] : [])),
    ),
  );

describe.each(cases)('$title', ({ kernel, policy }) => {
  const lowered = lower(kernel, policy);
  const points = (loops: readonly string[], extents: Readonly<Record<string, number>>) =>
    loops.reduce((product, loop) => product * extents[loop], 1);

  it('stores each operand once, at as many points as the kernel does', () => {
    const whole = Object.fromEntries(kernel.dimensions.map(({ name, extent }) => [name, extent]));
    const wanted = kernel.stages.flatMap((stage) =>
      stage.kind === 'store' ? [[stage.operand, points(stage.dims, whole)]] : [],
    );
    const found = lowered.nests.flatMap((nest) =>
      nest.stages.flatMap((stage) =>
        stage.kind === 'store' ? [[stage.operand, points(nest.loops, lowered.extents)]] : [],
      ),
    );
    expect(found.toSorted()).toEqual(wanted.toSorted());
  });

  it('computes each value in one nest or where it is used, before anything reads it', () => {
    const ready = new Set(lowered.recomputed.keys());
    for (const nest of lowered.nests) {
      for (const name of madeIn(nest)) {
        expect(ready).not.toContain(name);
        ready.add(name);
      }
      for (const name of readIn(lowered, nest)) expect(ready).toContain(name);
    }
  });

  it('has a place for every value that one nest leaves to another', () => {
    const places = new Map(lowered.temporaries.map((temporary) => [temporary.name, temporary]));
    for (const nest of lowered.nests) {
      const own = new Set(madeIn(nest));
      for (const name of readIn(lowered, nest)) {
        if (!own.has(name) && !lowered.recomputed.has(name)) expect([...places.keys()]).toContain(name);
      }
    }
    const inScratch = lowered.temporaries.flatMap(({ place }) => (place.kind === 'scratch' ? [place] : []));
    const ends = inScratch.toSorted((a, b) => a.offset - b.offset).map(({ offset, bytes }) => offset + bytes);
    inScratch.slice(1).forEach(({ offset }, n) => void expect(offset).toBeGreaterThanOrEqual(ends[n]));
    expect(lowered.scratchBytes).toBe(ends.at(-1) ?? 0);
  });

  it('runs each stage inside the loops that it has, the shared ones first', () => {
    for (const nest of lowered.nests) {
      expect(nest.loops.slice(0, lowered.shared.length)).toEqual(lowered.shared);
      for (const stage of nest.stages)
        expect(nest.loops).toEqual(expect.arrayContaining([...stageLoops(stage)]));
      for (const loop of nest.over) expect(lowered.shared).not.toContain(loop);
    }
  });

  it('is made once for each kernel object', () => {
    expect(lower(kernel, policy)).toBe(lowered);
  });
});
