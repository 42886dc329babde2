import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { writeResult } from '../../../store/written-result.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { IMPORTED_PROPOSAL, opaqueStudy, type TuningResults } from '../tuning-results.ts';

/** A configuration with what a device took for it. */
export type MeasuredCall = Readonly<{
  place: string;
  configuration: Configuration;
  timeUs: number;
  samplesUs: readonly number[];
}>;

/** A log's calls of one kernel as a study of the device that wrote it. */
export function logResults(
  { name, shape, dtype }: Kernel,
  device: string,
  space: SearchSpace,
  preferred: Configuration,
  calls: readonly MeasuredCall[],
  toolVersion: string,
): TuningResults {
  const names = space.parameters.map((parameter) => parameter.name);
  return {
    record: opaqueStudy({ kind: 'opaque', name, shape, dtype }, device, space, preferred, toolVersion),
    space: async () => space,
    deviceIsNamed: true,
    notes: () => [],
    readings: async function* () {
      yield calls.map(({ place, configuration, timeUs, samplesUs }) => ({
        kind: 'result' as const,
        place,
        result: writeResult(names, {
          ...IMPORTED_PROPOSAL,
          configuration,
          state: 'timed',
          timeUs,
          samplesUs,
        }),
        droppedSamples: 0,
        index: space.indexOf(configuration),
      }));
    },
  };
}
