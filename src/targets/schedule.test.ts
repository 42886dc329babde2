import { describe, expect, it } from 'vitest';
import { randomFor } from '../../search-space/random.ts';
import { HANDSHAKE_BYTES } from '../generator/handshake.ts';
import { libraryKernels } from '../kernels/library.ts';
import { schedule } from '../lowering/schedule.ts';
import { loadTarget } from './npu/machine/load.ts';
import { loweredForNpu, NPU_POLICY } from './npu/policy.ts';
import { readSchedule } from './npu/simulator/schedule.ts';
import { simulateKernel } from './npu/simulator/simulate.ts';
import { buildSpace } from './npu/space/space.ts';
import { generate } from './wasm/generator/generate.ts';
import { WASM_POLICY } from './wasm/policy.ts';
import { scheduleOf } from './wasm/schedule-of.ts';

const machine = loadTarget('hexagon-v75');
const kernels = libraryKernels.map(({ name, build, defaultShape, dtypes }) => ({
  name,
  kernel: build(defaultShape, dtypes[0]),
}));

describe.each(kernels)('the scratch memory of $name', ({ name, kernel }) => {
  it('is what the simulator counts for one set of tiles', () => {
    const space = buildSpace(kernel, machine).restrict({ values: { threads: [1] } });
    if (space === null) throw new Error('every kernel runs on one thread');
    const random = randomFor('scratch', name);
    for (let n = 0; n < 20; n++) {
      const configuration = space.at(space.sample(random));
      const how = readSchedule(configuration, loweredForNpu(kernel));
      const { scratchBytes } = schedule(kernel, NPU_POLICY, how);
      expect(scratchBytes).toBe(simulateKernel(kernel, machine, configuration).scratchpadBytes);
    }
  });

  it('is what the code of a variant asks for', () => {
    for (const configuration of [{ lanes: 4 }, { lanes: 16, tileRows: 3, panels: 2 }]) {
      const how = scheduleOf(configuration);
      const { scratchBytes } = schedule(kernel, WASM_POLICY, how.loops);
      expect(generate(kernel, how, 1).scratchBytes).toBe(HANDSHAKE_BYTES + scratchBytes);
    }
  });
});
