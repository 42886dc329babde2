import type { Configuration, Tag } from '../../search-space/parameter.ts';
import type { Study } from '../study-definition.ts';

/** What tells how simple a configuration of a study is. */
export type Simplicity = Pick<Study, 'default' | 'scratchpadBytes'> &
  Readonly<{ space: Pick<Study['space'], 'parameters'> }>;

/** The simplest of some configurations. */
export function simplest(study: Simplicity, some: readonly Configuration[]): Configuration {
  return some.reduce((simpler, other) => (compareSimplicity(study, other, simpler) < 0 ? other : simpler));
}

/**
 * Below zero where the first is simpler: fewer threads, then fewer buffers, less scratchpad, narrower vectors; then
 * fewer values that differ from the default's; then, parameter by parameter, the value that is listed earlier. Zero
 * for the same configuration only.
 */
export function compareSimplicity(study: Simplicity, a: Configuration, b: Configuration): number {
  return compareEffort(study, a, b) || inOrder(changes(study, a), changes(study, b));
}

/** The same by what a configuration takes alone: threads, buffers, scratchpad, vectors. */
export function compareEffort(study: Simplicity, a: Configuration, b: Configuration): number {
  return inOrder(effort(study, a), effort(study, b));
}

function inOrder(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place < 0 ? 0 : a[place] - b[place];
}

function effort(study: Simplicity, configuration: Configuration): readonly number[] {
  return [
    ...steps(study, configuration, 'mt'),
    ...steps(study, configuration, 'db'),
    study.scratchpadBytes?.(configuration) ?? 0,
    ...steps(study, configuration, 'vec'),
  ];
}

function changes(study: Simplicity, configuration: Configuration): readonly number[] {
  const { parameters } = study.space;
  return [
    parameters.filter(({ name }) => configuration[name] !== study.default[name]).length,
    ...parameters.map(({ name, values }) => values.indexOf(configuration[name])),
  ];
}

/** How far each parameter of a mechanism is from the beginning of its values; names have no order. */
function steps({ space }: Simplicity, configuration: Configuration, tag: Tag): readonly number[] {
  return space.parameters
    .filter((parameter) => parameter.tag === tag && parameter.kind !== 'categorical')
    .map(({ name, values }) => values.indexOf(configuration[name]));
}
