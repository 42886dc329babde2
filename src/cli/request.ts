import { steering } from '../../search-space/assignment.ts';
import type { AnyKernel } from '../kernels/opaque.ts';
import { formatShape } from '../kernels/shape.ts';
import type { StudyReference } from '../report/documents/parts.ts';
import type { StudyRequest } from '../study-request.ts';
import type { Flags } from './flags.ts';
import type { GlobalOption } from './options/global.ts';
import type { steeringOptions } from './options/steering.ts';
import { seedFrom, strategyFrom, type strategyOptions } from './options/strategy.ts';
import type { Question } from './questions.ts';
import { readStart } from './start-file.ts';

type Steering = Flags<keyof typeof steeringOptions | keyof typeof strategyOptions | GlobalOption>;

/** The question with the search that the flags ask for. Throws InputError for an unknown name or value. */
export function requestFrom<K extends AnyKernel>(
  { kernel, source, target }: Question<K>,
  flags: Steering,
): StudyRequest<K> {
  const start = flags.text('start');
  const { parameters } = target.space(kernel);
  return {
    kernel,
    kernelSource: source,
    target,
    strategy: strategyFrom(flags),
    seed: seedFrom(flags),
    values: steering(flags.list('fix'), flags.list('values'), parameters).values,
    start: start === undefined ? [] : readStart(start),
  };
}

/** What documents and titles say of a study. */
export function referenceOf<K extends AnyKernel>(
  { kernel, target, seed, strategy }: StudyRequest<K>,
  id: string,
): StudyReference {
  return {
    id,
    kernel: kernel.name,
    shape: formatShape(kernel.shape),
    dtype: kernel.dtype,
    target: target.name,
    seed,
    strategy: strategy.name,
  };
}
