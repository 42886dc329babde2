import {
  add,
  constantIndex,
  type Index,
  isConstant,
  scale,
  subtract,
  variable,
} from '../symbols/index-expression.ts';
import { constantOf } from '../symbols/pool.ts';
import { dependsOn } from '../symbols/probe.ts';
import type { Block, Operation } from '../syntax/ast.ts';
import { type Context, dataOf, indexOf, named, refuse } from './context.ts';
import { type Carried, finalValues, steadyIndex, steadyStep } from './loops.ts';
import type { Handler } from './per-element.ts';
import { axis, type Data, type TtirValue } from './value.ts';

const MAX_UNROLLED = 8;

/** How a loop counts: value = lower + step · counter, `trips` times. */
type Counting = Readonly<{ counter: string; value: Index; trips: number }>;

const loop: Handler = (op, context) => {
  const block = op.regions[0]?.blocks[0];
  const firsts = op.operands.slice(3).map((name) => named(context, op, name));
  if (block === undefined || block.arguments.length !== firsts.length + 1)
    throw refuse(context, op, 'a loop without a body');
  const counting = countingOf(context, op);
  if (counting.trips === 0) return firsts;
  if (counting.trips === 1) {
    return oneIteration(context, block, { ...counting, value: atStart(counting) }, firsts);
  }
  context.extents.set(counting.counter, counting.trips);
  context.depth += 1;
  const results =
    symbolicLoop(context, op, block, counting, firsts) ?? unrolled(context, op, block, counting, firsts);
  context.depth -= 1;
  return results;
};

function atStart({ value, counter }: Counting): Index {
  const step = value.terms.get(counter)?.factor ?? 0;
  return subtract(value, scale(variable(counter), step));
}

function countingOf(context: Context, op: Operation): Counting {
  const bounds = [0, 1, 2].map((position) => indexOf(dataOf(context, op, position)));
  const [lower, upper, step] = bounds;
  if (lower === undefined || upper === undefined || step === undefined) {
    throw refuse(context, op, 'the bounds of the loop depend on loaded data', 'bounds must be known numbers');
  }
  const program = gridStride(lower, step);
  if (program !== undefined && isConstant(upper) && upper.constant > 0) {
    context.extents.set(program, upper.constant);
    return { counter: `once.${program}`, value: lower, trips: 1 };
  }
  const span = subtract(upper, lower);
  if (!isConstant(span) || !isConstant(step) || step.constant <= 0) {
    const problem = 'the number of iterations is not known';
    throw refuse(
      context,
      op,
      problem,
      'bounds must be numbers; name scalar arguments with their values (numels)',
    );
  }
  const trips = Math.max(0, Math.ceil(span.constant / step.constant));
  const counter = `loop${context.depth}_${trips}_${step.constant}`;
  return { counter, value: add(lower, scale(variable(counter), step.constant)), trips };
}

/** A loop from program_id by num_programs: with as many programs as iterations, each does one. */
function gridStride(lower: Index, step: Index): string | undefined {
  const match = /^1\*programs(\d)\+0$/.exec(step.key);
  return match !== null && lower.key === `1*pid${match[1]}+0` ? `pid${match[1]}` : undefined;
}

function oneIteration(
  context: Context,
  block: Block,
  { value }: Counting,
  carried: readonly TtirValue[],
): readonly TtirValue[] {
  const node = context.pool.index(value, 'i32');
  const all: TtirValue[] = [{ kind: 'data', shape: [], node }, ...carried];
  for (const [n, argument] of block.arguments.entries()) context.values.set(argument.name, all[n]);
  return context.executeBlock(block, context);
}

function unrolled(
  context: Context,
  op: Operation,
  block: Block,
  counting: Counting,
  firsts: readonly TtirValue[],
): readonly TtirValue[] {
  if (counting.trips > MAX_UNROLLED) {
    throw refuse(
      context,
      op,
      'the loop carries a value that is no reduction',
      'supported: sum, product, maximum, minimum, and, or, arg max, arg min, online softmax, Welford, steady counters',
    );
  }
  let carried = firsts;
  for (let iteration = 0; iteration < counting.trips; iteration++) {
    const step = counting.value.terms.get(counting.counter)?.factor ?? 0;
    const value = add(atStart(counting), constantIndex(step * iteration));
    carried = oneIteration(context, block, { ...counting, value }, carried);
  }
  return carried;
}

/** The loop as reductions over its counter; undefined where it carries something else. */
function symbolicLoop(
  context: Context,
  op: Operation,
  block: Block,
  counting: Counting,
  firsts: readonly TtirValue[],
): readonly TtirValue[] | undefined {
  const steady = steadyValues(context, op, block, counting, firsts);
  const states = firsts.map((first, n) => steady[n]?.during ?? stateOf(context, op, first, n));
  const before = context.sinks.length;
  const nexts = oneIteration(context, block, counting, states);
  const stored = context.sinks
    .slice(before)
    .flatMap((sink) => [sink.value, ...(sink.mask === undefined ? [] : [sink.mask])]);
  const carried: Carried[] = [];
  const positions: number[] = [];
  for (const [n, first] of firsts.entries()) {
    const [state, next] = [states[n], nexts[n]];
    if (steady[n] !== undefined) continue;
    if (first.kind !== 'data' || state.kind !== 'data' || next?.kind !== 'data')
      throw refuse(context, op, UNSTEADY);
    carried.push({ name: stateName(context, n), state: state.node, first: first.node, next: next.node });
    positions.push(n);
  }
  const finals = finalValues(context.pool, carried, counting.counter);
  const known = finals.filter((node) => node !== undefined);
  const scan = dependsOn(stored, (node) => node.form.kind === 'state');
  if (scan || known.length < finals.length) {
    if (scan && counting.trips > MAX_UNROLLED)
      throw refuse(context, op, 'stores what the loop has accumulated so far (a scan)');
    undoStores(context, before);
    return undefined;
  }
  return firsts.map(
    (first, n) => steady[n]?.after ?? { ...first, kind: 'data', node: known[positions.indexOf(n)] },
  );
}

const UNSTEADY = 'a pointer that does not advance by the same step in each iteration';

function undoStores(context: Context, before: number): void {
  for (const { operand } of context.sinks.splice(before)) {
    context.stores.set(operand, (context.stores.get(operand) ?? 0) - 1);
  }
}

function stateName(context: Context, position: number): string {
  return `$${context.depth}.${position}`;
}

function stateOf(context: Context, op: Operation, first: TtirValue, position: number): TtirValue {
  if (first.kind !== 'data') throw refuse(context, op, UNSTEADY);
  const at = first.shape.map((size, n) => (size === 1 ? constantIndex(0) : axis(n)));
  return { ...first, node: context.pool.state(stateName(context, position), at, first.node.dtype) };
}

/** A counter or pointer: what it is during iteration k, and after the loop. */
type Steady = Readonly<{ during: TtirValue; after: TtirValue }>;

/** Finds what advances by the same number each time, from one trial execution of the body. */
function steadyValues(
  context: Context,
  op: Operation,
  block: Block,
  counting: Counting,
  firsts: readonly TtirValue[],
): (Steady | undefined)[] {
  const marks = firsts.map((first, n) =>
    mapIndices(context, first, (_, part) => variable(`${stateName(context, n)}:${part}`)),
  );
  if (marks.every((mark) => mark === undefined)) return [];
  const before = context.sinks.length;
  const nexts = oneIteration(
    context,
    block,
    counting,
    firsts.map((first, n) => marks[n] ?? stateOf(context, op, first, n)),
  );
  undoStores(context, before);
  return firsts.map((first, n) => {
    const next = nexts[n];
    if (marks[n] === undefined || next === undefined) return undefined;
    const found = indicesIn(next);
    const at = (times: Index) => (start: Index, part: number) => {
      const step =
        found?.[part] === undefined
          ? undefined
          : steadyStep(found[part], `${stateName(context, n)}:${part}`, counting.counter);
      return step === undefined ? undefined : steadyIndex(start, step, times);
    };
    const during = mapIndices(context, first, at(variable(counting.counter)));
    const after = mapIndices(context, first, at(constantIndex(counting.trips)));
    return during === undefined || after === undefined ? undefined : { during, after };
  });
}

/** The indices of which a counter, pointer or tile pointer consists. */
function indicesIn(value: TtirValue): readonly Index[] | undefined {
  const nodes =
    value.kind === 'data' ? [value.node] : value.kind === 'pointer' ? [value.offset] : value.offsets;
  const indices = nodes.flatMap((node) => (node.form.kind === 'index' ? [node.form.index] : []));
  return indices.length === nodes.length ? indices : undefined;
}

function mapIndices(
  context: Context,
  value: TtirValue,
  change: (index: Index, part: number) => Index | undefined,
): TtirValue | undefined {
  const before = indicesIn(value);
  const indices = before?.map(change).filter((index) => index !== undefined);
  if (indices === undefined || indices.length !== before?.length) return undefined;
  const nodes = indices.map((index, n) => context.pool.index(index, nodesOf(value)[n].dtype));
  if (value.kind === 'data') return { ...value, node: nodes[0] };
  return value.kind === 'pointer' ? { ...value, offset: nodes[0] } : { ...value, offsets: nodes };
}

function nodesOf(value: TtirValue) {
  return value.kind === 'data' ? [value.node] : value.kind === 'pointer' ? [value.offset] : value.offsets;
}

const branch: Handler = (op, context) => {
  const condition = dataOf(context, op, 0).node;
  const known = constantOf(condition);
  const [then, otherwise] = op.regions;
  if (known !== undefined)
    return taken(context, known === 1 ? then?.blocks[0] : otherwise?.blocks[0], undefined);
  const yes = taken(context, then?.blocks[0], condition);
  const no = taken(context, otherwise?.blocks[0], context.pool.unary('not', condition));
  return yes.map((value, n) => {
    const other = no[n];
    if (value.kind === 'data' && other?.kind === 'data') {
      return { ...value, node: context.pool.select(condition, value.node, other.node) };
    }
    if (value.kind === 'pointer' && other?.kind === 'pointer' && other.offset === value.offset) return value;
    throw refuse(context, op, 'the branches give different pointers');
  });
};

function taken(
  context: Context,
  block: Block | undefined,
  condition: Data['node'] | undefined,
): readonly TtirValue[] {
  if (block === undefined) return [];
  const outer = context.guard;
  if (condition !== undefined) {
    context.guard = outer === undefined ? condition : context.pool.binary('and', outer, condition);
  }
  const values = context.executeBlock(block, context);
  context.guard = outer;
  return values;
}

const call: Handler = (op, context) => {
  const callee = context.functions.get(op.callee ?? '');
  const block = callee?.body.blocks[0];
  if (callee === undefined || block === undefined)
    throw refuse(context, op, `there is no function @${op.callee ?? ''}`);
  const values = new Map<string, TtirValue>();
  for (const [n, argument] of callee.arguments.entries()) {
    const name = op.operands[n];
    if (name === undefined) throw refuse(context, op, `argument ${n + 1} is missing`);
    values.set(argument.name, named(context, op, name));
  }
  return context.executeBlock(block, { ...context, values });
};

export const CONTROL: Readonly<Record<string, Handler>> = {
  'scf.for': loop,
  'scf.if': branch,
  'tt.call': call,
};
