import type { Configuration } from '../../../search-space/parameter.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { callParts } from '../../targets/npu/simulator/call-parts.ts';
import { roofline } from '../../targets/npu/simulator/roofline.ts';
import { matrixUnitUs, simulateKernel } from '../../targets/npu/simulator/simulate.ts';

/** What keeps a configuration from being faster, and how fast any could be. */
export type NextLimit = Readonly<{
  /** "vector units", "matrix unit", "memory bandwidth", or what most of the time is spent on. */
  what: string;
  /** The share of the call in which it is busy, or of its time: 0 to 1. */
  share: number;
  /** Whether it is a unit or a path of the machine that is busy, and not time that is lost. */
  isBusy: boolean;
  /** No configuration takes less, in µs: its operations or its bytes take that long. */
  leastUs: number;
  leastFor: 'operations' | 'bytes';
}>;

/** What takes the largest share of a simulated call, and the machine's lower bound on any. */
export function limitOf(kernel: Kernel, machine: SimulatedTarget, configuration: Configuration): NextLimit {
  const { timeUs } = simulateKernel(kernel, machine, configuration);
  const { memoryUs, computeUs } = roofline(kernel, machine);
  const units = configuration.vectorBytes === 0 ? 'scalar units' : 'vector units';
  const parts = callParts(kernel, machine, configuration).map(({ kind, what, us }) =>
    kind === 'issue' && configuration.unit !== 'matrix'
      ? { what: units, share: us / timeUs, isBusy: true }
      : { what, share: us / timeUs, isBusy: false },
  );
  const matrix = {
    what: 'matrix unit',
    share: matrixUnitUs(kernel, machine, configuration) / timeUs,
    isBusy: true,
  };
  const bandwidth = { what: 'memory bandwidth', share: memoryUs / timeUs, isBusy: true };
  const largest = [bandwidth, matrix, ...parts].reduce((most, one) => (one.share > most.share ? one : most));
  return {
    ...largest,
    share: Math.min(1, largest.share),
    leastUs: Math.max(memoryUs, computeUs),
    leastFor: memoryUs > computeUs ? 'bytes' : 'operations',
  };
}
