import type { DType, Expression, Stage } from '../../../kernels/ir.ts';
import { BYTES } from '../../../kernels/ir.ts';
import { children } from '../../../kernels/walk.ts';
import { combineExpansion, type Expansion, expansionOf, isFloat, MULTIPLY_ADD } from './expansions.ts';

/** Where the value of a node changes, and so how often it is computed. */
type Varies = Readonly<{
  /** In the innermost loops at all; if not, once before them. */
  inside: boolean;
  /** From lane to lane; if not, one number for all lanes. */
  lanes: boolean;
  /** Between the interleaved copies of an unrolled body. */
  copies: boolean;
}>;

/** One operation of a loop body on all lanes; `inputs` are positions of earlier nodes. */
export type BodyNode = Readonly<{
  kind: 'compute' | 'load' | 'gather' | 'store';
  expansion: Expansion;
  dtype: DType;
  inputs: readonly number[];
  varies: Varies;
  /** An operation on 16-bit floats, which scalar code widens and rounds by library calls. */
  half: boolean;
}>;

/** A loop body, inputs before their users, and the operation that merges the lanes of each accumulator. */
export type BodyGraph = Readonly<{ nodes: readonly BodyNode[]; laneMerges: readonly Expansion[] }>;

/** The loop that lanes run along, the one whose iterations are interleaved, and the innermost ones (`inside`). */
export type Roles = Readonly<{ vector: string; unroll: string; inside: ReadonlySet<string> }>;

/** What the names in a pass stand for. */
export type PassScope = Readonly<{
  /** The loops that a value varies over. */
  dimsOf: (value: string) => readonly string[];
  /** Strides along the loops of a value that lies in memory; undefined for one in registers. */
  memoryOf: (value: string) => Readonly<Record<string, number>> | undefined;
}>;

const NOTHING: Expansion = { free: [], chain: [], called: false };

/** Builds a body from the stages of one pass. */
export class BodyGraphBuilder {
  readonly nodes: BodyNode[] = [];
  private readonly laneMerges: Expansion[] = [];
  private readonly made = new Map<string, number>();
  private readonly roles: Roles;
  private readonly scope: PassScope;

  constructor(roles: Roles, scope: PassScope) {
    this.roles = roles;
    this.scope = scope;
  }

  graph(): BodyGraph {
    return { nodes: this.nodes, laneMerges: this.laneMerges };
  }

  stage(stage: Stage, keptInMemory: readonly string[]): void {
    switch (stage.kind) {
      case 'map': {
        const value = this.expression(stage.value);
        this.made.set(stage.name, value);
        if (keptInMemory.includes(stage.name)) this.store(value, stage.value.dtype);
        return;
      }
      case 'store': {
        const inputs = [this.expression(stage.value)];
        if (stage.when !== undefined) inputs.push(this.expression(stage.when));
        this.add('store', NOTHING, stage.value.dtype, inputs, this.varies(stage.dims));
        return;
      }
      case 'contract': {
        const inputs = [this.expression(stage.left), this.expression(stage.right)];
        const widest = stage.dtype;
        const expansion = MULTIPLY_ADD[isFloat(widest) ? 'float' : 'integer'];
        const dtype = isFloat(widest) ? widest : stage.left.dtype;
        this.add('compute', expansion, dtype, inputs, this.varies([...stage.dims, ...stage.over]));
        if (stage.over.includes(this.roles.vector)) this.laneMerges.push(combineExpansion('sum', widest));
        return;
      }
      case 'reduce':
        this.reduce(stage);
    }
  }

  private reduce(stage: Extract<Stage, { kind: 'reduce' }>): void {
    const varies = this.varies([...stage.dims, ...stage.over]);
    const values = stage.values.map((value) => this.expression(value));
    const { combine } = stage;
    const expansions =
      combine.kind === 'region'
        ? combine.results.flatMap((result) => operationsIn(result))
        : stage.values.map((value) => combineExpansion(combine.kind, value.dtype));
    const dtype = stage.values[0].dtype;
    let inputs = values;
    for (const expansion of expansions) inputs = [this.add('compute', expansion, dtype, inputs, varies)];
    if (stage.over.includes(this.roles.vector)) this.laneMerges.push(...expansions);
  }

  /** The node of an expression's value. */
  private expression(expression: Expression): number {
    switch (expression.kind) {
      case 'constant':
        return this.once(`constant:${expression.value}:${expression.dtype}`, () =>
          this.add('compute', NOTHING, expression.dtype, [], this.varies([])),
        );
      case 'load': {
        const key = `load:${expression.operand}:${JSON.stringify(expression.at)}`;
        return this.once(key, () =>
          this.load(expression.at.strides, expression.dtype, this.conditions(expression)),
        );
      }
      case 'value':
        return this.once(expression.name, () => this.named(expression.name, expression.dtype));
      default: {
        const inputs = children(expression).map((child) => this.expression(child));
        const dims = expression.kind === 'index' ? Object.keys(expression.at.strides) : [];
        const varies = inputs.map((input) => this.nodes[input].varies).reduce(either, this.varies(dims));
        const dtype = expression.kind === 'compare' ? expression.left.dtype : expression.dtype;
        return this.add('compute', expansionOf(expression), dtype, inputs, varies);
      }
    }
  }

  private conditions(expression: Extract<Expression, { kind: 'load' }>): number[] {
    return expression.when === undefined ? [] : [this.expression(expression.when)];
  }

  private named(name: string, dtype: DType): number {
    const strides = this.scope.memoryOf(name);
    if (strides !== undefined) return this.load(strides, dtype, []);
    return this.add('compute', NOTHING, dtype, [], this.varies(this.scope.dimsOf(name)));
  }

  private load(strides: Readonly<Record<string, number>>, dtype: DType, inputs: readonly number[]): number {
    const varies = this.varies(Object.keys(strides).filter((dim) => strides[dim] !== 0));
    const apart = varies.lanes && Math.abs(strides[this.roles.vector]) !== 1;
    const splat: Expansion = varies.lanes ? NOTHING : { ...NOTHING, chain: ['permute'] };
    return this.add(apart ? 'gather' : 'load', splat, dtype, inputs, varies);
  }

  private store(value: number, dtype: DType): void {
    this.add('store', NOTHING, dtype, [value], this.nodes[value].varies);
  }

  private add(
    kind: BodyNode['kind'],
    expansion: Expansion,
    dtype: DType,
    inputs: readonly number[],
    varies: Varies,
  ): number {
    const half = (dtype === 'f16' || dtype === 'bf16') && kind === 'compute' && expansion.chain.length > 0;
    this.nodes.push({ kind, expansion, dtype, inputs, varies, half });
    return this.nodes.length - 1;
  }

  private once(key: string, make: () => number): number {
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const node = make();
    this.made.set(key, node);
    return node;
  }

  private varies(dims: readonly string[]): Varies {
    const { vector, unroll, inside } = this.roles;
    return {
      inside: dims.some((dim) => inside.has(dim)),
      lanes: dims.includes(vector),
      copies: dims.includes(unroll),
    };
  }
}

function either(a: Varies, b: Varies): Varies {
  return { inside: a.inside || b.inside, lanes: a.lanes || b.lanes, copies: a.copies || b.copies };
}

function operationsIn(expression: Expression): Expansion[] {
  const own = expansionOf(expression);
  const inner = children(expression).flatMap(operationsIn);
  return own.chain.length === 0 ? inner : [...inner, own];
}

/** Bytes of an element in a register; 0 for a condition, which is as wide as what it compares. */
export function registerBytes(dtype: DType): number {
  return dtype === 'bool' ? 0 : BYTES[dtype];
}
