import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Features } from '../../../store/records.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { schedule } from '../../lowering/schedule.ts';
import type { Target } from '../_base.ts';
import { SIMULATED_METRICS, simulatorBackend } from './backend.ts';
import { isCodeOption } from './compiled/code.ts';
import { MODEL_REVISION, targetFingerprint } from './machine/load.ts';
import type { SimulatedTarget } from './machine/schema.ts';
import { loweredForNpu, NPU_POLICY } from './policy.ts';
import { readSchedule } from './simulator/schedule.ts';
import { modelOf } from './simulator/simulate.ts';
import { asCarriedOut } from './space/carried-out.ts';
import { defaultConfiguration } from './space/default.ts';
import { whyNoMatrixUnit } from './space/lacking.ts';
import { buildSpace } from './space/space.ts';

/** A simulated machine as a target. */
export function simulatedTarget(machine: SimulatedTarget): Target {
  const spaces = new WeakMap<Kernel, SearchSpace>();
  const space = (kernel: Kernel): SearchSpace => {
    const known = spaces.get(kernel) ?? buildSpace(kernel, machine);
    spaces.set(kernel, known);
    return known;
  };
  return Object.freeze<Target>({
    name: machine.name,
    kind: 'simulator',
    fingerprint: targetFingerprint(machine),
    features: machineFeatures(machine),
    description: { machine, modelRevision: MODEL_REVISION },
    metrics: SIMULATED_METRICS,
    space,
    whyLacking: (kernel, name) =>
      isCodeOption(name)
        ? 'how code is compiled is a choice with --compiled only'
        : whyNoMatrixUnit(loweredForNpu(kernel), machine, name),
    defaultConfiguration: (kernel, within) => defaultConfiguration(kernel, machine, within),
    carriedOutAs: (kernel, configuration) => asCarriedOut(loweredForNpu(kernel), machine, configuration),
    scratchpadBytes: (kernel, configuration) => {
      const model = modelOf(kernel, machine);
      return model.scratchpadBytes(readSchedule(configuration, model.lowered));
    },
    loops: (kernel, configuration) =>
      schedule(kernel, NPU_POLICY, readSchedule(configuration, loweredForNpu(kernel))),
    // The whole space even for a restricted study: the default is timed where a study excludes it too.
    backend: async (kernel) => simulatorBackend({ kernel, target: machine, space: space(kernel) }),
  });
}

/** The features of a machine that a cost model learns from: sizes and speeds as log2. */
export function machineFeatures({
  clockGHz,
  contexts,
  vectorUnits,
  vector,
  memory,
  scratchpad,
  copy,
  dma,
  forkJoinUs,
}: SimulatedTarget): Features {
  const outermost = memory[memory.length - 1];
  return Object.freeze({
    log2ClockGHz: Math.log2(clockGHz),
    contexts,
    vectorUnits,
    log2VectorBytes: Math.log2(vector.bytes),
    log2ScratchpadBytes: Math.log2(scratchpad.bytes),
    log2ThreadGBs: Math.log2(outermost.perThreadGBs),
    log2TotalGBs: Math.log2(outermost.totalGBs),
    log2CopyGBs: Math.log2(copy.totalGBs),
    log2DmaGBs: Math.log2(dma.totalGBs),
    dmaEngines: dma.engines,
    dmaSetupUs: dma.setupUs,
    forkJoinUs,
  });
}
