import { explain } from './explain.ts';
import type { Configuration } from './parameter.ts';
import type { SearchSpace } from './search-space.ts';
import type { SpaceFile } from './space-definition.ts';

type Preferred = Readonly<{ preferred: Configuration; notes: readonly string[] }>;

/** What a file says is used today; the first of the space where it does not say it, or where it cannot be. */
export function preferredIn(
  space: SearchSpace,
  { default: preferred }: Pick<SpaceFile, 'default'>,
): Preferred {
  const problem = preferred === undefined ? undefined : explain(space, preferred);
  if (preferred !== undefined && problem === undefined) return { preferred, notes: [] };
  const note = `its default is not of its space (${problem}): the first configuration stands for it`;
  return { preferred: space.at(0), notes: problem === undefined ? [] : [note] };
}
