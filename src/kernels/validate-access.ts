import { InputError } from '../../search-space/input-error.ts';
import type { Dimension, DType, Expression, IndexMap, Operand } from './ir.ts';

/** What an expression may refer to at its place. */
export type Scope = Readonly<{
  place: string;
  dimensions: ReadonlyMap<string, Dimension>;
  operands: ReadonlyMap<string, Operand>;
  values: ReadonlyMap<string, Readonly<{ dtype: DType; dims: readonly string[] }>>;
  /** Dimensions that have a current index. */
  loops: ReadonlySet<string>;
}>;

/** The index map uses loops of the stage only and, where not masked, stays inside the operand. */
export function checkAccess(
  place: string,
  operand: Operand,
  at: IndexMap,
  masked: boolean,
  { dimensions, loops }: Pick<Scope, 'dimensions' | 'loops'>,
): void {
  checkMap(place, at, loops);
  const [least, greatest] = indexRange(at, dimensions);
  if (masked || (least >= 0 && greatest < operand.elements)) return;
  throw new InputError(
    place,
    `accesses ${operand.name} from ${least} to ${greatest}, but it has ${operand.elements} elements`,
    'mask the access or correct the index',
  );
}

export function checkMap(place: string, at: IndexMap, loops: ReadonlySet<string>): void {
  const foreign = Object.keys(at.strides).find((name) => !loops.has(name));
  if (foreign !== undefined) throw new InputError(place, `uses the index '${foreign}' outside its loop`);
  const broken = [at.offset, ...Object.values(at.strides)].find((number) => !Number.isSafeInteger(number));
  if (broken !== undefined) throw new InputError(place, `an index map holds whole numbers, got ${broken}`);
}

export function requireBool(place: string, condition: Expression | undefined): void {
  if (condition !== undefined && condition.dtype !== 'bool') {
    throw new InputError(place, `a condition must be bool, got ${condition.dtype}`);
  }
}

/** The least and the greatest flat index of a map over whole dimensions. */
export function indexRange(
  at: IndexMap,
  dimensions: ReadonlyMap<string, Dimension>,
): readonly [number, number] {
  let least = at.offset;
  let greatest = at.offset;
  for (const [name, stride] of Object.entries(at.strides)) {
    const reach = stride * (dimensions.get(name)!.extent - 1);
    if (reach < 0) least += reach;
    else greatest += reach;
  }
  return [least, greatest];
}
