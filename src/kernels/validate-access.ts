import { InputError } from '../../search-space/input-error.ts';
import { indexRange } from './index-range.ts';
import type { Dimension, DType, IndexMap, Operand } from './ir.ts';
import { dimensionExtents } from './lookup.ts';

/** The names that an expression in a stage may refer to, and what they stand for. */
export type StageScope = Readonly<{
  /** What an error names: the kernel and the stage. */
  place: string;
  dimensions: ReadonlyMap<string, Dimension>;
  operands: ReadonlyMap<string, Operand>;
  values: ReadonlyMap<string, Readonly<{ dtype: DType; dims: readonly string[] }>>;
  /** Dimensions that have a current index. */
  loops: ReadonlySet<string>;
}>;

/**
 * Checks that an index map uses loops of the stage only and, unless it is masked, stays inside the
 * operand. Throws InputError otherwise.
 */
export function checkAccess(
  place: string,
  operand: Operand,
  at: IndexMap,
  masked: boolean,
  { dimensions, loops }: Pick<StageScope, 'dimensions' | 'loops'>,
): void {
  checkMap(place, at, loops);
  const { least, greatest } = indexRange(at, dimensionExtents({ dimensions: [...dimensions.values()] }));
  if (masked || (least >= 0 && greatest < operand.elements)) return;
  throw new InputError(
    place,
    `accesses ${operand.name} from ${least} to ${greatest}, but it has ${operand.elements} elements`,
    'mask the access or correct the index',
  );
}

/** Checks that an index map holds whole numbers and uses loops of the stage only. Throws InputError otherwise. */
export function checkMap(place: string, at: IndexMap, loops: ReadonlySet<string>): void {
  const foreign = Object.keys(at.strides).find((name) => !loops.has(name));
  if (foreign !== undefined) throw new InputError(place, `uses the index '${foreign}' outside its loop`);
  const broken = [at.offset, ...Object.values(at.strides)].find((number) => !Number.isSafeInteger(number));
  if (broken !== undefined) throw new InputError(place, `an index map holds whole numbers, got ${broken}`);
}
