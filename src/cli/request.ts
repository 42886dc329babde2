import { steering } from '../../search-space/assignment.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import type { StudyRequest } from '../ask/study-request.ts';
import type { StudyReference } from '../documents/parts.ts';
import type { AnyKernel } from '../kernels/opaque.ts';
import { formatShape } from '../kernels/shape.ts';
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
    start: start === undefined ? [] : readStart(start).map((known) => checkedStart(known, parameters)),
  };
}

/** Throws InputError for the first parameter that cannot have the value it is given. */
function checkedStart(known: Configuration, parameters: readonly Parameter[]): Configuration {
  for (const { name, values } of parameters) {
    if (!Object.hasOwn(known, name) || values.includes(known[name])) continue;
    const hint = `it takes ${values.join(', ')}`;
    throw new InputError('--start', `${name}=${known[name]} is not possible`, hint);
  }
  return known;
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
