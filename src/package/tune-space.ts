import { explain } from '../../search-space/explain.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { bindStudy } from '../ask/resolve-study.ts';
import type { StudyDocument } from '../documents/findings.ts';
import { type OpaqueKernel, UNKNOWN_DTYPE } from '../kernels/opaque.ts';
import { type Measure, measuredTarget } from './measured-target.ts';
import { type Steering, specOf } from './spec.ts';
import { type TuneOptions, visitWith } from './visit.ts';

/** A space of your own, whose configurations your own code times. */
export type SpaceQuestion = Steering &
  Readonly<{
    /** What the results are kept under in the store. */
    name: string;
    /** Where it is measured: results of another device or version are another study. */
    device: string;
    space: SearchSpace;
    /** What is used today: always tried, and always compared with. */
    default: Configuration;
    measure: Measure;
  }>;

/**
 * Which configuration of this space is the fastest? Each is measured repeatedly, as on any real clock. Throws
 * InputError for what cannot be asked, and StoreError where the store cannot be used.
 */
export async function tuneSpace(
  { name, device, space, default: preferred, measure, ...asked }: SpaceQuestion,
  options: TuneOptions = {},
): Promise<StudyDocument> {
  const problem = explain(space, preferred);
  if (problem !== undefined) throw new InputError('default', problem);
  const kernel = Object.freeze<OpaqueKernel>({ kind: 'opaque', name, shape: [], dtype: UNKNOWN_DTYPE });
  const target = measuredTarget(device, space, preferred, measure);
  const reference = { kind: 'opaque', name } as const;
  const spec = specOf({ ...asked, kernel: reference, target: { kind: 'local', name: device } });
  return visitWith(async () => bindStudy(spec, { kernel, source: 'opaque', target }), options);
}
