import { InputError } from '../../search-space/input-error.ts';
import { Dim, type Index, namesOf, type Over, rowMajor } from './affine.ts';
import { Buffer } from './buffer.ts';
import { canonicalJson } from './canonical-json.ts';
import { constant, Expr, requireBool } from './expression.ts';
import { deepFreeze } from './freeze.ts';
import { type Effect, Graph, type Group } from './graph.ts';
import type { Combine, Dimension, DType, Expression, Kernel, Operand, Stage } from './ir.ts';
import { lower } from './lower.ts';
import { regionTree } from './region.ts';
import { validateKernel } from './validate.ts';

export { Dim, Index } from './affine.ts';
export type { Buffer } from './buffer.ts';
export { binary, compare, Expr, select, unary } from './expression.ts';
export * from './functions.ts';

type SimpleCombine = Exclude<Combine['kind'], 'region'>;

/** What the region of a reduction is made from: two partial results, a value a component each. */
export type Region = (left: readonly Expr[], right: readonly Expr[]) => readonly Expr[];

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
 * The result is validated and frozen. Throws InputError: unknown or double names, mixed dtypes,
 * an index out of bounds, nothing stored.
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

/** Declares dimensions, operands, reductions and stores. Loops nest in the order of declaration. */
export class KernelBuilder {
  private readonly graph = new Graph();
  private readonly dims: Dim[] = [];
  private readonly buffers: Buffer[] = [];
  private readonly effects: Effect[] = [];
  private readonly reductions = new Map<string, Expr[]>();
  private readonly chosen = new Map<number, string>();

  /** A dimension; that it is reduced over follows from its use. */
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
  index(index: Index, dtype: DType = 'i32'): Expr {
    const at = index.toMap();
    const node = this.graph.intern(`index:${JSON.stringify(at)}`, dtype, index.strides.keys(), [], {
      kind: 'expression',
      label: 'index',
      leaf: true,
      tree: () => ({ kind: 'index', at, dtype }),
    });
    return new Expr(this.graph, node);
  }

  /** Computes a value in a stage of its own, under a name of the author's choice. */
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

  /** Several components reduced together, as `region` says; `identity` has one number each. */
  reduceRegion(values: readonly Expr[], identity: readonly number[], over: Over, region: Region): Expr[] {
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
  store(buffer: Buffer, indices: readonly (Index | number)[], value: Expr, when?: Expr): void {
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
    const stages = lower({
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

  /** The components of a reduction; the same reduction again is the same components. */
  private group({ rule, labels, dtypes, values, over, stage }: Reduction): Expr[] {
    const reduced = new Set(namesOf(over));
    if (reduced.size === 0) throw new InputError('over', 'a reduction needs a dimension to reduce over');
    const inputs = values.map((value) => value.node);
    const key = [rule, ...dtypes, ...inputs.map((input) => input.id), ...reduced].join('|');
    const known = this.reductions.get(key);
    if (known !== undefined) return known;
    const free = new Set(inputs.flatMap((input) => [...input.dims]).filter((dim) => !reduced.has(dim)));
    const loops = { dims: this.inOrder(free), over: this.inOrder(reduced) };
    const group: Group = {
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

/** What tells a reduction or contraction from another, and how its stage is written. */
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
