import type { Expression, IndexMap, Kernel, Stage } from '../../../kernels/ir.ts';
import { dimensionExtent } from '../../../kernels/lookup.ts';
import { stageLoops } from '../../../kernels/walk.ts';

/**
 * The kernel with neighbouring dimensions merged where every access walks them as one: rows and
 * columns of a contiguous element-wise kernel become one dimension.
 */
export function collapse(kernel: Kernel): Kernel {
  for (let place = 0; place + 1 < kernel.dimensions.length; place++) {
    const [outer, inner] = kernel.dimensions.slice(place, place + 2);
    if (kernel.stages.every((stage) => mergeable(stage, outer.name, inner))) {
      return collapse(merge(kernel, outer.name, inner));
    }
  }
  return kernel;
}

type Inner = Readonly<{ name: string; extent: number }>;

function mergeable(stage: Stage, outer: string, inner: Inner): boolean {
  const together = (names: readonly string[]): boolean =>
    names.includes(outer) === names.includes(inner.name) &&
    (!names.includes(outer) || names.indexOf(outer) + 1 === names.indexOf(inner.name));
  const walked = (at: IndexMap): boolean =>
    (at.strides[outer] ?? 0) === (at.strides[inner.name] ?? 0) * inner.extent;
  let whole = together(stage.dims) && (!('over' in stage) || together(stage.over));
  mapIndices(stage, (at) => {
    whole &&= walked(at);
    return at;
  });
  return whole && (stageLoops(stage).length > 0 || !stage.dims.includes(outer));
}

/** Merges the outer dimension into the inner one, whose strides stay. */
function merge(kernel: Kernel, outer: string, inner: Inner): Kernel {
  const extent = inner.extent * dimensionExtent(kernel, outer);
  const without = (names: readonly string[]): string[] => names.filter((name) => name !== outer);
  const strip = ({ offset, strides }: IndexMap): IndexMap => ({
    offset,
    strides: Object.fromEntries(Object.entries(strides).filter(([name]) => name !== outer)),
  });
  return {
    ...kernel,
    dimensions: kernel.dimensions
      .filter(({ name }) => name !== outer)
      .map((dimension) => (dimension.name === inner.name ? { ...dimension, extent } : dimension)),
    stages: kernel.stages.map((stage) => {
      const mapped = mapIndices(stage, strip);
      return 'over' in mapped
        ? { ...mapped, dims: without(mapped.dims), over: without(mapped.over) }
        : { ...mapped, dims: without(mapped.dims) };
    }),
  };
}

/** The replacement of an index map; `operand` is absent where the map is an index used as a number. */
type ChangeIndex = (at: IndexMap, operand?: string) => IndexMap;

/** The stage with every index map in it replaced. */
export function mapIndices(stage: Stage, change: ChangeIndex): Stage {
  const expression = (given: Expression): Expression => mapExpression(given, change);
  switch (stage.kind) {
    case 'map':
      return { ...stage, value: expression(stage.value) };
    case 'reduce':
      return { ...stage, values: stage.values.map(expression) };
    case 'contract':
      return { ...stage, left: expression(stage.left), right: expression(stage.right) };
    case 'store': {
      const { when, ...rest } = stage;
      const mapped = { ...rest, at: change(stage.at, stage.operand), value: expression(stage.value) };
      return when === undefined ? mapped : { ...mapped, when: expression(when) };
    }
  }
}

function mapExpression(given: Expression, change: ChangeIndex): Expression {
  const inner = (part: Expression): Expression => mapExpression(part, change);
  switch (given.kind) {
    case 'constant':
    case 'value':
      return given;
    case 'index':
      return { ...given, at: change(given.at) };
    case 'load': {
      const { when, ...rest } = given;
      const mapped = { ...rest, at: change(given.at, given.operand) };
      return when === undefined ? mapped : { ...mapped, when: inner(when) };
    }
    case 'unary':
    case 'cast':
      return { ...given, operand: inner(given.operand) };
    case 'binary':
    case 'compare':
      return { ...given, left: inner(given.left), right: inner(given.right) };
    case 'select':
      return {
        ...given,
        condition: inner(given.condition),
        // biome-ignore lint/suspicious/noThenProperty: the IR's own word; never awaited.
        then: inner(given.then),
        otherwise: inner(given.otherwise),
      };
  }
}
