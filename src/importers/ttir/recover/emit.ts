import {
  AffineIndex,
  binary,
  compareValues,
  type Dim,
  defineKernel,
  type Expr,
  type KernelBuilder,
  select,
  unary,
} from '../../../kernels/builder.ts';
import type { BinaryOp, DType, Kernel, Operand } from '../../../kernels/ir.ts';
import type { Sink } from '../execute/context.ts';
import { type Place, refusal } from '../refusal.ts';
import {
  type Atom,
  type Index,
  type OpaqueOp,
  rangeOf,
  unbounded,
  variablesOf,
} from '../symbols/index-expression.ts';
import { type Load, type Node, type Reduction, reachable } from '../symbols/node.ts';
import { constantOf } from '../symbols/pool.ts';
import { freeVariables } from '../symbols/rewrite.ts';
import type { NamedDimension } from './dimensions.ts';
import { type IterationDomain, sinkNodes } from './domain.ts';

/** Everything a kernel is made from. */
export type Recovered = Readonly<{
  name: string;
  shape: readonly number[];
  dtype: DType;
  domain: IterationDomain;
  dimensions: readonly NamedDimension[];
  operands: readonly Operand[];
}>;

/** The recovered program as a kernel of the IR. */
export function emitKernel(recovered: Recovered): Kernel {
  const { name, shape, dtype } = recovered;
  return defineKernel(name, { shape, dtype }, (k) => {
    const emitter = new Emitter(k, recovered);
    const { sinks } = recovered.domain;
    for (const [position, sink] of sinks.entries()) {
      emitter.loadBefore(sinks.slice(position));
      emitter.store(sink);
    }
  });
}

type Buffer = ReturnType<KernelBuilder['input']>;

class Emitter {
  private readonly k: KernelBuilder;
  private readonly file: string;
  private readonly loads: IterationDomain['loads'];
  private readonly dims: ReadonlyMap<string, Dim>;
  private readonly reduced: ReadonlySet<string>;
  private readonly buffers: ReadonlyMap<string, Buffer>;
  private readonly done = new Map<Node, Expr>();
  private readonly groups = new Map<Reduction, readonly Expr[]>();
  private readonly free = new Map<number, ReadonlySet<string>>();
  private readonly stored = new Map<string, number>();
  private rows = 0;

  constructor(k: KernelBuilder, { domain, dimensions, operands }: Recovered) {
    this.k = k;
    this.file = domain.file;
    this.loads = domain.loads;
    this.dims = new Map(
      dimensions.map(({ variable, name, extent }) => [variable, k.dimension(name, extent)]),
    );
    this.reduced = new Set(dimensions.filter((one) => one.reduced).map((one) => one.variable));
    this.buffers = new Map(
      operands.map(({ role, name, dtype, elements }) => [name, k[role](name, dtype, [elements])]),
    );
  }

  store(sink: Sink): void {
    const used = new Set(sinkNodes([sink]).flatMap((node) => [...freeVariables(node, this.free)]));
    const addressed = variablesOf(sink.index);
    if ([...used].some((name) => !addressed.has(name))) {
      throw refusal(this.file, sink, `tt.store: several values go to one address of %${sink.operand}`);
    }
    const dims = new Set([...used, ...addressed]);
    const value = this.within(sink.value, dims);
    const when = sink.mask === undefined ? undefined : this.within(sink.mask, dims);
    this.k.store(this.buffer(sink.operand), [this.affine(sink.index, sink, 'tt.store')], value, when);
    this.stored.set(sink.operand, (this.stored.get(sink.operand) ?? 0) + 1);
  }

  /** Reads what the next store may overwrite: a load belongs before the stores that follow it. */
  loadBefore(sinks: readonly Sink[]): void {
    const operand = sinks[0].operand;
    const version = this.stored.get(operand) ?? 0;
    for (const node of reachable(sinkNodes(sinks))) {
      if (node.form.kind === 'load' && node.form.operand === operand && node.form.version === version)
        this.expr(node);
    }
  }

  /** A node inside an expression over `dims`; what does not change along a reduced one is computed before it. */
  private within(node: Node, dims: ReadonlySet<string>): Expr {
    const expr = this.expr(node);
    const own = freeVariables(node, this.free);
    const hoisted = isOperation(node) && [...dims].some((name) => this.reduced.has(name) && !own.has(name));
    return hoisted ? this.k.let(this.rowName(node), expr) : expr;
  }

  private readonly rowNames = new Map<Node, string>();
  private rowName(node: Node): string {
    const known = this.rowNames.get(node) ?? `row${this.rows++}`;
    this.rowNames.set(node, known);
    return known;
  }

  private expr(node: Node): Expr {
    const known = this.done.get(node);
    if (known !== undefined) return known;
    const made = this.make(node);
    this.done.set(node, made);
    return made;
  }

  private make(node: Node): Expr {
    const { form, dtype } = node;
    const dims = freeVariables(node, this.free);
    const part = (input: Node): Expr => this.within(input, dims);
    switch (form.kind) {
      case 'constant':
        return this.k.constant(form.value, dtype);
      case 'index':
        return this.indexValue(form.index, dtype);
      case 'sign': {
        const { constant, ...rest } = form.index;
        const left = this.indexValue({ ...rest, constant: 0 }, Math.abs(constant) < 2 ** 31 ? 'i32' : 'i64');
        return compareValues(form.sign, left, -constant);
      }
      case 'load':
        return this.load(form, dtype, part);
      case 'unary':
        return unary(form.op, part(form.operand));
      case 'binary':
        return binary(form.op, part(form.left), part(form.right));
      case 'compare':
        return compareValues(form.op, part(form.left), part(form.right));
      case 'select':
        return select(part(form.condition), part(form.then), part(form.otherwise));
      case 'cast':
        return part(form.operand).to(dtype);
      case 'reduced':
        return this.group(form.reduction)[form.component];
      default:
        throw refusal(this.file, START, 'a value is used outside the loop or region that has it');
    }
  }

  private load({ operand, index, mask, other }: Load, dtype: DType, part: (node: Node) => Expr): Expr {
    const buffer = this.buffer(operand);
    const at = this.affine(index, this.loads.get(operand) ?? START, 'tt.load');
    if (mask === undefined) return buffer.at(at);
    const otherwise = other === undefined ? 0 : constantOf(other);
    const loaded = buffer.atWhere(part(mask), otherwise ?? 0, at);
    return other !== undefined && otherwise === undefined
      ? select(part(mask), loaded, part(other))
      : loaded.to(dtype);
  }

  private buffer(operand: string): Buffer {
    const buffer = this.buffers.get(operand);
    if (buffer === undefined) throw new Error(`no buffer was made for ${operand}`);
    return buffer;
  }

  private dim(variable: string): Dim {
    const dim = this.dims.get(variable);
    if (dim === undefined) throw new Error(`no dimension was made for ${variable}`);
    return dim;
  }

  private group(reduction: Reduction): readonly Expr[] {
    const known = this.groups.get(reduction);
    if (known !== undefined) return known;
    const { combine, inputs, over } = reduction;
    const dims = new Set([...over, ...inputs.flatMap((input) => [...freeVariables(input, this.free)])]);
    const values = inputs.map((input) => this.within(input, dims));
    const loops = over.map((name) => this.dim(name));
    const made = this.reduce(combine, values, loops);
    this.groups.set(reduction, made);
    return made;
  }

  private reduce(
    combine: Reduction['combine'],
    values: readonly Expr[],
    loops: readonly Dim[],
  ): readonly Expr[] {
    const [first, second] = values;
    if (combine.kind === 'contract') return [this.k.contract(first, second, loops, first.dtype)];
    if (combine.kind !== 'region') return [this.k.reduce(combine.kind, first, loops)];
    return this.k.reduceRegion(values, combine.identity, loops, (left, right) => {
      const parameters = new Map([
        ...combine.left.map((node, n) => [node, left[n]] as const),
        ...combine.right.map((node, n) => [node, right[n]] as const),
      ]);
      const memo = new Map<Node, Expr>();
      return combine.results.map((result) => this.regionExpr(result, parameters, memo));
    });
  }

  private regionExpr(node: Node, parameters: ReadonlyMap<Node, Expr>, memo: Map<Node, Expr>): Expr {
    const known = parameters.get(node) ?? memo.get(node);
    if (known !== undefined) return known;
    const part = (input: Node): Expr => this.regionExpr(input, parameters, memo);
    const { form } = node;
    const made =
      form.kind === 'unary'
        ? unary(form.op, part(form.operand))
        : form.kind === 'binary'
          ? binary(form.op, part(form.left), part(form.right))
          : form.kind === 'compare'
            ? compareValues(form.op, part(form.left), part(form.right))
            : form.kind === 'select'
              ? select(part(form.condition), part(form.then), part(form.otherwise))
              : form.kind === 'cast'
                ? part(form.operand).to(node.dtype)
                : this.make(node);
    memo.set(node, made);
    return made;
  }

  private affine(index: Index, place: Place, what: string): AffineIndex {
    const strides = new Map<string, number>();
    for (const { atom, factor } of index.terms.values()) {
      const dim = atom.kind === 'variable' ? this.dims.get(atom.name) : undefined;
      if (dim === undefined)
        throw refusal(this.file, place, `${what}: not affine in the indices of the grid`);
      strides.set(dim.name, factor);
    }
    return new AffineIndex(index.constant, strides);
  }

  /** An index as a number; quotients and remainders that no address needs are computed. */
  private indexValue(index: Index, dtype: DType): Expr {
    if (index.terms.size === 0) return this.k.constant(index.constant, dtype);
    const affine = [...index.terms.values()].every(({ atom }) => atom.kind === 'variable');
    if (affine) return this.k.index(this.affine(index, START, 'an index'), dtype);
    let total = this.k.constant(index.constant, dtype);
    for (const { atom, factor } of index.terms.values())
      total = total.add(this.atomValue(atom, dtype).mul(factor));
    return total;
  }

  private atomValue(atom: Atom, dtype: DType): Expr {
    if (atom.kind === 'variable') return this.k.index(this.dim(atom.name), dtype);
    if (atom.kind === 'opaque') {
      return binary(OPAQUE[atom.op], this.indexValue(atom.left, dtype), this.indexValue(atom.right, dtype));
    }
    const of = this.indexValue(atom.of, dtype);
    const { least } = rangeOf(atom.of, unbounded);
    // The IR truncates; a quotient of indices rounds down.
    const rest = least >= 0 ? of.rem(atom.by) : of.rem(atom.by).add(atom.by).rem(atom.by);
    if (atom.kind === 'remainder') return rest;
    return least >= 0 ? of.div(atom.by) : of.sub(rest).div(atom.by);
  }
}

/** The place of what has none of its own. */
const START: Place = { line: 1, column: 1 };

const OPAQUE: Readonly<Record<OpaqueOp, BinaryOp>> = {
  quotient: 'div',
  remainder: 'rem',
  product: 'mul',
  min: 'min',
  max: 'max',
  xor: 'xor',
  and: 'and',
  or: 'or',
};

function isOperation({ form }: Node): boolean {
  return ['unary', 'binary', 'compare', 'select', 'cast'].includes(form.kind);
}
