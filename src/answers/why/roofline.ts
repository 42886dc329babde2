import type { LadderRung } from '../../../tuner/attribution/findings.ts';
import { isKnown, type OrUnknown, unknown } from '../../../tuner/attribution/gain.ts';
import { arithmeticOps } from '../../kernels/features.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { movedBytes, roofline } from '../../targets/npu/simulator/roofline.ts';
import { modelOf } from '../../targets/npu/simulator/simulate.ts';

/**
 * The roofs of a simulated machine and a point for each rung (Williams, Waterman and Patterson, CACM 52 (2009) 4). GOPS
 * are 10⁹ arithmetic operations of the kernel a second, intensities such operations for a byte.
 */
export type Roofline = Readonly<{
  /** Where every byte is moved once. */
  intensity: number;
  /** Sloped: GB/s of a path; flat: what the units can do in the kernel's mix of operations. */
  roofs: readonly (
    | Readonly<{ name: string; kind: 'bandwidth'; gigabytes: number }>
    | Readonly<{ name: string; kind: 'compute'; gops: number }>
  )[];
  points: readonly RooflinePoint[];
}>;

export type RooflinePoint = Readonly<{ rung: string; timeUs: number; intensity: number; gops: number }>;

const NO_ARITHMETIC = unknown('not applicable', 'the kernel computes nothing: it only moves data');

/** The way from the ladder's first rung to its last; rungs that are not known have no point. */
export function rooflineOf(
  kernel: Kernel,
  machine: SimulatedTarget,
  rungs: readonly LadderRung[],
): OrUnknown<Roofline> {
  const operations = arithmeticOps(kernel);
  if (operations === 0) return NO_ARITHMETIC;
  const { memoryUs, matrixUs, vectorUs, scalarUs } = roofline(kernel, machine);
  const { touchedBytes } = modelOf(kernel, machine);
  const perMicrosecond = (amount: number, us: number): number => amount / us / 1000;
  const computeRoof = (name: string, us: number) =>
    ({ name, kind: 'compute', gops: perMicrosecond(operations, us) }) as const;
  const points = rungs.flatMap(({ rung, configuration, timeUs }): readonly RooflinePoint[] =>
    configuration === null || !isKnown(timeUs)
      ? []
      : [
          {
            rung,
            timeUs,
            intensity: operations / movedBytes(kernel, machine, configuration),
            gops: perMicrosecond(operations, timeUs),
          },
        ],
  );
  return {
    intensity: operations / touchedBytes,
    roofs: [
      { name: 'memory', kind: 'bandwidth', gigabytes: perMicrosecond(touchedBytes, memoryUs) },
      { name: 'DMA', kind: 'bandwidth', gigabytes: machine.dma.totalGBs },
      ...(matrixUs === undefined ? [] : [computeRoof('matrix unit', matrixUs)]),
      computeRoof('vector units', vectorUs),
      computeRoof('scalar units', scalarUs),
    ],
    points,
  };
}
