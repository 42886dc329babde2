/**
 * What `import` of the package gives: kernels, search spaces and studies, in code. Nothing else of nightshift is
 * meant to be imported. docs/package.md has an example of each.
 */
export { activeWhen } from '../../search-space/active-when.ts';
/** The functions of constraints: `terms.or(…)`, `terms.min(…)`, `terms.sum(…)`. */
export * as terms from '../../search-space/builder.ts';
export { constraint, param, type Term, type TermOrValue } from '../../search-space/builder.ts';
export type { Constraint } from '../../search-space/constraint.ts';
export { defineSpace } from '../../search-space/define-space.ts';
export { InputError } from '../../search-space/input-error.ts';
export type { Configuration, Parameter, Value } from '../../search-space/parameter.ts';
export { categorical, flag, ordinal } from '../../search-space/parameters.ts';
export type { SearchSpace } from '../../search-space/search-space.ts';
export type { SpaceFile } from '../../search-space/space-definition.ts';
export { readSpaceFile } from '../../search-space/space-file.ts';
export { StoreError } from '../../store/store-error.ts';
export type { StudyEvent } from '../../tuner/events.ts';
export type { StudyDocument } from '../documents/findings.ts';
export * from '../kernels/builder.ts';
export type { DType, Kernel } from '../kernels/ir.ts';
export { serializeKernel } from '../kernels/json.ts';
export { evaluateKernel } from '../kernels/reference.ts';
export type { Measure } from './measured-target.ts';
export { type KernelQuestion, tuneKernel } from './tune-kernel.ts';
export { type SpaceQuestion, tuneSpace } from './tune-space.ts';
export type { TuneOptions } from './visit.ts';
