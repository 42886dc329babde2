import type { Configuration, Tag } from '../../search-space/parameter.ts';
import type { Study } from '../study-definition.ts';

/**
 * The simplest of equally fast configurations: fewest threads, then fewest buffers, least scratchpad,
 * narrowest vectors. Of those that are equally simple, the first.
 */
export function simplest(study: Study, equals: readonly Configuration[]): Configuration {
  return equals.reduce((simpler, other) => (compareEffort(study, other, simpler) < 0 ? other : simpler));
}

function compareEffort(study: Study, a: Configuration, b: Configuration): number {
  const [left, right] = [effort(study, a), effort(study, b)];
  const place = left.findIndex((value, i) => value !== right[i]);
  return place < 0 ? 0 : left[place] - right[place];
}

function effort(study: Study, configuration: Configuration): readonly number[] {
  return [
    ...steps(study, configuration, 'mt'),
    ...steps(study, configuration, 'db'),
    study.scratchpadBytes?.(configuration) ?? 0,
    ...steps(study, configuration, 'vec'),
  ];
}

/** How far each parameter of a mechanism is from the beginning of its values; names have no order. */
function steps({ space }: Study, configuration: Configuration, tag: Tag): readonly number[] {
  return space.parameters
    .filter((parameter) => parameter.tag === tag && parameter.kind !== 'categorical')
    .map(({ name, values }) => values.indexOf(configuration[name]));
}
