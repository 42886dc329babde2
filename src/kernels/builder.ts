import { InputError } from '../../search-space/input-error.ts';
import { type AffineIndex, Dim, namesOf, type Over, rowMajor } from './affine-index.ts';
import { Buffer } from './buffer.ts';
import { canonicalJson } from './canonical-json.ts';
import type { SimpleCombine } from './combine.ts';
import { constant, Expr } from './expression.ts';
import { deepFreeze } from './freeze.ts';
import type { Combine, Dimension, DType, Expression, Kernel, Operand, Stage } from './ir.ts';
import { regionTree } from './region.ts';
import { requireBool } from './require-bool.ts';
import { validateKernel } from './validate.ts';
import { type Effect, type ReductionGroup, ValueGraph } from './value-graph.ts';
import { writeStages } from './write-stages.ts';

export { AffineIndex, Dim } from './affine-index.ts';
export type { Buffer } from './buffer.ts';
export { binary, compareValues, Expr, select, unary } from './expression.ts';
export * from './functions.ts';

/** Combines two partial results of a reduction, each with a value for every component, into one. */
type RegionFunction = (left: readonly Expr[], right: readonly Expr[]) => readonly Expr[];

/**
 * A kernel from its description:
 *
 *     defineKernel('axpy', { shape: [n], dtype: 'f32' }, (k) => {
 *       const i = k.dimension('i', n);
 *       const x = k.input('x', 'f32', [n]);
 *       const y = k.inout('y', 'f32', [n]);
 *       k.store(y, [i], x.at(i).mul(2).add(y.at(i)));
 *     });
 *
 * The result is validated and frozen. Throws InputError for unknown or double names, mixed dtypes, an
 * index out of bounds, and a kernel that stores nothing.
 */
export function defineKernel(
  name: string,
  about: Readonly<{ shape: readonly number[]; dtype: DType }>,
  describe: (k: KernelBuilder) => void,
): Kernel {
  const builder = new KernelBuilder();
  describe(builder);
  return deepFreeze(validateKernel(builder.build(name, about.shape, about.dtype)));
}

/** Declares dimensions, operands, reductions and stores. Loops nest in the order in which dimensions are declared. */
export class KernelBuilder {
  private readonly graph = new ValueGraph();
  private readonly dims: Dim[] = [];
  private readonly buffers: Buffer[] = [];
  private readonly effects: Effect[] = [];
  private readonly reductions = new Map<string, Expr[]>();
  private readonly chosen = new Map<number, string>();

  /** A dimension. Whether it is reduced over follows from how it is used. */
  dimension(name: string, extent: number): Dim {
    const dim = new Dim(name, extent);
    this.dims.push(dim);
    return dim;
  }

  input(name: string, dtype: DType, extents: readonly number[]): Buffer {
    return this.operand('input', name, dtype, extents);
  }
  output(name: string, dtype: DType, extents: readonly number[]): Buffer {
    return this.operand('output', name, dtype, extents);
  }
  /** Read and written. A load made before a store to it sees the old contents, one after it the new. */
  inout(name: string, dtype: DType, extents: readonly number[]): Buffer {
    return this.operand('inout', name, dtype, extents);
  }

  constant(value: number, dtype: DType): Expr {
    return constant(this.graph, value, dtype);
  }

  /** An index as a number: k.index(j).le(k.index(i)) is a causal mask. */
  index(index: AffineIndex, dtype: DType = 'i32'): Expr {
    const at = index.toMap();
    const node = this.graph.intern(`index:${JSON.stringify(at)}`, dtype, index.strides.keys(), [], {
      kind: 'expression',
      label: 'index',
      leaf: true,
      tree: () => ({ kind: 'index', at, dtype }),
    });
    return new Expr(this.graph, node);
  }

  /** Gives a value a name, and a stage of its own. */
  let(name: string, value: Expr): Expr {
    this.chosen.set(value.node.id, name);
    return value;
  }

  sum(value: Expr, over: Over): Expr {
    return this.reduce('sum', value, over);
  }
  max(value: Expr, over: Over): Expr {
    return this.reduce('max', value, over);
  }

  reduce(kind: SimpleCombine, value: Expr, over: Over): Expr {
    const combine: Combine = { kind };
    return this.group({
      rule: kind,
      labels: [kind],
      dtypes: [value.dtype],
      values: [value],
      over,
      stage: ({ inputs, ...loops }) => ({ kind: 'reduce', ...loops, combine, values: inputs }),
    })[0];
  }

  /** Reduces several components together by `region`, starting from `identity`, which has a number for each. */
  reduceRegion(
    values: readonly Expr[],
    identity: readonly number[],
    over: Over,
    region: RegionFunction,
  ): Expr[] {
    const left = values.map((_, n) => `left${n}`);
    const right = values.map((_, n) => `right${n}`);
    const combined = region(this.parameters(left, values), this.parameters(right, values));
    const results = combined.map((result) => regionTree(result.node));
    const combine: Combine = { kind: 'region', left, right, results, identity };
    return this.group({
      rule: canonicalJson(combine),
      labels: values.map((_, n) => `part${n}_`),
      dtypes: combined.map((result) => result.dtype),
      values,
      over,
      stage: ({ inputs, ...loops }) => ({ kind: 'reduce', ...loops, combine, values: inputs }),
    });
  }

  /** Σ over `over` of left · right, accumulated in `dtype`. */
  contract(left: Expr, right: Expr, over: Over, dtype: DType): Expr {
    return this.group({
      rule: 'contract',
      labels: ['dot'],
      dtypes: [dtype],
      values: [left, right],
      over,
      stage: ({ names: [name], inputs, ...loops }) => ({
        kind: 'contract',
        name,
        ...loops,
        left: inputs[0],
        right: inputs[1],
        dtype,
      }),
    })[0];
  }

  /** buffer[indices] = value at every point of the dimensions used, where `when` holds. */
  store(buffer: Buffer, indices: readonly (AffineIndex | number)[], value: Expr, when?: Expr): void {
    const operand = buffer.operand.name;
    if (when !== undefined) requireBool(`store to ${operand}`, when);
    const index = rowMajor(`operand ${operand}`, buffer.extents, indices);
    const inputs = when === undefined ? [value.node] : [value.node, when.node];
    const used = new Set([...index.strides.keys(), ...inputs.flatMap((input) => [...input.dims])]);
    const dims = this.inOrder(used);
    const head = { kind: 'store', operand, at: index.toMap(), dims } as const;
    this.effects.push({
      operand,
      inputs,
      loops: dims,
      before: this.graph.size,
      stage: ([stored, condition]) =>
        condition === undefined ? { ...head, value: stored } : { ...head, value: stored, when: condition },
    });
    buffer.written();
  }

  build(name: string, shape: readonly number[], dtype: DType): Kernel {
    const operands = this.buffers.map((buffer) => buffer.operand);
    const stages = writeStages({
      effects: this.effects,
      chosen: this.chosen,
      taken: [...this.dims, ...operands].map((named) => named.name),
      order: this.dims.map((dim) => dim.name),
    });
    return { name, shape: [...shape], dtype, dimensions: dimensionsOf(this.dims, stages), operands, stages };
  }

  private operand(role: Operand['role'], name: string, dtype: DType, extents: readonly number[]): Buffer {
    const elements = extents.reduce((product, extent) => product * extent, 1);
    const buffer = new Buffer(this.graph, { name, role, dtype, elements }, extents);
    this.buffers.push(buffer);
    return buffer;
  }

  private parameters(names: readonly string[], values: readonly Expr[]): Expr[] {
    return values.map(({ dtype }, n) => {
      const source = { kind: 'parameter', name: names[n] } as const;
      return new Expr(this.graph, this.graph.intern(`parameter:${names[n]}`, dtype, [], [], source));
    });
  }

  /** The components of a reduction. Asked for the same reduction again, it returns the same components. */
  private group({ rule, labels, dtypes, values, over, stage }: Reduction): Expr[] {
    const reduced = new Set(namesOf(over));
    if (reduced.size === 0) throw new InputError('over', 'a reduction needs a dimension to reduce over');
    const inputs = values.map((value) => value.node);
    const key = [rule, ...dtypes, ...inputs.map((input) => input.id), ...reduced].join('|');
    const known = this.reductions.get(key);
    if (known !== undefined) return known;
    const free = new Set(inputs.flatMap((input) => [...input.dims]).filter((dim) => !reduced.has(dim)));
    const loops = { dims: this.inOrder(free), over: this.inOrder(reduced) };
    const group: ReductionGroup = {
      firstId: this.graph.size,
      labels,
      inputs,
      loops: [...loops.dims, ...loops.over],
      stage: (names, trees) => stage({ names, ...loops, inputs: trees }),
    };
    const components = dtypes.map((dtype, component) => {
      const node = this.graph.fresh(dtype, free, inputs, { kind: 'result', group, component });
      return new Expr(this.graph, node);
    });
    this.reductions.set(key, components);
    return components;
  }

  private inOrder(used: ReadonlySet<string>): string[] {
    return this.dims.map((dim) => dim.name).filter((name) => used.has(name));
  }
}

/** A reduction or contraction: what identifies it, and how its stage is written. */
type Reduction = Readonly<{
  rule: string;
  labels: readonly string[];
  dtypes: readonly DType[];
  values: readonly Expr[];
  over: Over;
  stage: (parts: StageParts) => Stage;
}>;

type StageParts = Readonly<{
  names: readonly string[];
  dims: readonly string[];
  over: readonly string[];
  inputs: readonly Expression[];
}>;

function dimensionsOf(dims: readonly Dim[], stages: readonly Stage[]): Dimension[] {
  const reduced = new Set(stages.flatMap((stage) => ('over' in stage ? stage.over : [])));
  return dims.map(({ name, extent }) => ({
    name,
    extent,
    kind: reduced.has(name) ? 'reduction' : 'parallel',
  }));
}
