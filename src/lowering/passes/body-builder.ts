import { isFloat } from '../../kernels/arithmetic.ts';
import type { DType, Expression, Stage } from '../../kernels/ir.ts';
import { children } from '../../kernels/walk.ts';
import type { BodyGraph, BodyNode, BodyOperation, Varies } from '../body-graph.ts';
import type { MapStage, Strides } from '../lowered-kernel.ts';

/** The loop that lanes run along, the one whose iterations are interleaved, and the innermost ones (`inside`). */
type Roles = Readonly<{ vector: string; unroll: string; inside: ReadonlySet<string> }>;

/** What the names in a nest stand for. */
type NestScope = Readonly<{
  /** The loops that a value varies over. */
  dimsOf: (value: string) => readonly string[];
  /** Strides along the loops of a value that lies in memory; undefined for one in registers. */
  memoryOf: (value: string) => Strides | undefined;
  /** The map that computes a value wherever it is used; undefined for a value of a nest. */
  mapOf: (value: string) => MapStage | undefined;
}>;

const NOTHING: BodyOperation = { kind: 'nothing' };

/** Builds a body from the stages of one nest. */
export class BodyGraphBuilder {
  readonly nodes: BodyNode[] = [];
  private readonly laneMerges: BodyOperation[] = [];
  private readonly made = new Map<string, number>();
  private readonly roles: Roles;
  private readonly scope: NestScope;

  constructor(roles: Roles, scope: NestScope) {
    this.roles = roles;
    this.scope = scope;
  }

  graph(): BodyGraph {
    return { nodes: this.nodes, laneMerges: this.laneMerges };
  }

  stage(stage: Stage, keptInMemory: ReadonlySet<string>): void {
    switch (stage.kind) {
      case 'map': {
        const value = this.expression(stage.value);
        this.made.set(stage.name, value);
        if (keptInMemory.has(stage.name)) this.store(value, stage.value.dtype);
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
        const { dtype } = stage;
        const lanes = isFloat(dtype) ? dtype : stage.left.dtype;
        const varies = this.varies([...stage.dims, ...stage.over]);
        this.add('compute', { kind: 'multiply-add', dtype }, lanes, inputs, varies);
        if (stage.over.includes(this.roles.vector)) {
          this.laneMerges.push({ kind: 'combine', how: 'sum', dtype });
        }
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
    const operations =
      combine.kind === 'region'
        ? combine.results.flatMap((result) => operationsIn(result))
        : stage.values.map(({ dtype }): BodyOperation => ({ kind: 'combine', how: combine.kind, dtype }));
    const dtype = stage.values[0].dtype;
    let inputs = values;
    for (const operation of operations) inputs = [this.add('compute', operation, dtype, inputs, varies)];
    if (stage.over.includes(this.roles.vector)) this.laneMerges.push(...operations);
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
        return this.add('compute', { kind: 'expression', expression }, dtype, inputs, varies);
      }
    }
  }

  private conditions(expression: Extract<Expression, { kind: 'load' }>): number[] {
    return expression.when === undefined ? [] : [this.expression(expression.when)];
  }

  private named(name: string, dtype: DType): number {
    const strides = this.scope.memoryOf(name);
    if (strides !== undefined) return this.load(strides, dtype, []);
    const map = this.scope.mapOf(name);
    if (map !== undefined) return this.expression(map.value);
    return this.add('compute', NOTHING, dtype, [], this.varies(this.scope.dimsOf(name)));
  }

  private load(strides: Strides, dtype: DType, inputs: readonly number[]): number {
    const varies = this.varies(Object.keys(strides).filter((dim) => strides[dim] !== 0));
    const apart = varies.lanes && Math.abs(strides[this.roles.vector]) !== 1;
    const splat: BodyOperation = varies.lanes ? NOTHING : { kind: 'splat' };
    return this.add(apart ? 'gather' : 'load', splat, dtype, inputs, varies);
  }

  private store(value: number, dtype: DType): void {
    this.add('store', NOTHING, dtype, [value], this.nodes[value].varies);
  }

  private add(
    kind: BodyNode['kind'],
    operation: BodyOperation,
    dtype: DType,
    inputs: readonly number[],
    varies: Varies,
  ): number {
    this.nodes.push({ kind, operation, dtype, inputs, varies });
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

/** The operations of a region's result, innermost first. */
function operationsIn(expression: Expression): BodyOperation[] {
  const inner = children(expression).flatMap(operationsIn);
  const isFree = ['constant', 'value', 'load'].includes(expression.kind) || isSameCast(expression);
  return isFree ? inner : [...inner, { kind: 'expression', expression }];
}

function isSameCast(expression: Expression): boolean {
  return expression.kind === 'cast' && expression.operand.dtype === expression.dtype;
}
