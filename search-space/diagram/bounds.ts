import type { ConstraintExpression } from '../constraint.ts';
import { compile, type SlotOf } from '../evaluate.ts';
import type { PythonValue } from '../python-arithmetic.ts';
import { floorDivide, power } from '../python-arithmetic.ts';
import type { Analysis } from './analysis.ts';
import type { Facts } from './facts.ts';
import type { Interval } from './intervals.ts';

type Side = (slots: readonly PythonValue[]) => number;

/** The least and the greatest value an expression can still take, while some parameters are open. */
export type Bounds = Readonly<{
  low: Side;
  high: Side;
  /** Where the bounds never move: what they are. */
  fixed?: Interval;
  /** Where they are other bounds joined with fixed ones: which, so that more fixed ones are added at once. */
  tail?: Readonly<{ join: Join; moving: Bounds; fixed: Interval }>;
}>;

/** An operation that grows with both of its operands, in which brackets do not matter. */
type Join = (a: number, b: number) => number;

const add: Join = (a, b) => a + b;
/** A bound may be infinite where an operand may be text. */
const multiply: Join = (a, b) => (a === 0 || b === 0 ? 0 : a * b);
const quotient: Join = (a, b) => (Number.isFinite(a) ? floorDivide(a, b) : a);

/** What a half-known expression is bounded by. */
export type Outlook = Readonly<{
  isKnown: (part: ConstraintExpression) => boolean;
  isOpen: (part: ConstraintExpression) => boolean;
  slotOf: SlotOf;
  analysis: Analysis;
}>;

/**
 * Compiles bounds of a half-known expression: known parts are exact (from their slots), open
 * parameters range over their domains. Where an expression would fail the bounds mean nothing.
 */
export function compileBounds(expression: ConstraintExpression, outlook: Outlook): Bounds {
  const { isKnown, isOpen, slotOf, analysis } = outlook;
  const facts = analysis.facts(expression);
  if (!facts.numeric || isOpen(expression)) return fixed(facts);
  if (isKnown(expression)) {
    const exact = asNumber(compile(expression, slotOf));
    return { low: exact, high: exact };
  }
  const inner = (part: ConstraintExpression) => compileBounds(part, outlook);
  const truths = (parts: readonly ConstraintExpression[]) => parts.every((part) => analysis.isTruth(part));
  switch (expression.kind) {
    case 'unary':
      if (expression.op === 'not' && !truths([expression.operand])) return fixed(facts);
      return unary(expression.op, inner(expression.operand));
    case 'binary':
      return binary(expression, analysis, facts, inner);
    case 'compare':
      return comparison(expression, analysis, facts, inner);
    case 'and':
      return truths(expression.operands) ? picked(Math.min, expression.operands.map(inner)) : fixed(facts);
    case 'or':
      return truths(expression.operands) ? picked(Math.max, expression.operands.map(inner)) : fixed(facts);
    case 'call':
      if (expression.name === 'abs') return fixed(facts);
      return picked(expression.name === 'min' ? Math.min : Math.max, expression.arguments.map(inner));
    default:
      return fixed(facts);
  }
}

function asNumber(evaluate: (slots: readonly PythonValue[]) => PythonValue): Side {
  return (slots) => {
    const value = evaluate(slots);
    return typeof value === 'number' ? value : Number.NaN;
  };
}

function fixed({ low, high }: Interval): Bounds {
  return { low: () => low, high: () => high, fixed: { low, high } };
}

function bySides(join: Join, a: Bounds, b: Bounds): Bounds {
  return { low: (s) => join(a.low(s), b.low(s)), high: (s) => join(a.high(s), b.high(s)) };
}

/** The same where brackets do not matter: however many open operands a chain has, they cost nothing. */
function joined(join: Join, a: Bounds, b: Bounds): Bounds {
  if (b.fixed === undefined) return bySides(join, a, b);
  const before = a.tail?.join === join ? a.tail : undefined;
  const moving = before?.moving ?? a;
  const low = before === undefined ? b.fixed.low : join(before.fixed.low, b.fixed.low);
  const high = before === undefined ? b.fixed.high : join(before.fixed.high, b.fixed.high);
  return {
    low: (s) => join(moving.low(s), low),
    high: (s) => join(moving.high(s), high),
    tail: { join, moving, fixed: { low, high } },
  };
}

function unary(op: '-' | '+' | 'not', operand: Bounds): Bounds {
  const { low, high } = operand;
  if (op === '+') return operand;
  if (op === '-') return { low: (slots) => -high(slots), high: (slots) => -low(slots) };
  return { low: (slots) => 1 - high(slots), high: (slots) => 1 - low(slots) };
}

function picked(pick: Join, all: readonly Bounds[]): Bounds {
  return all.reduce((a, b) => joined(pick, a, b));
}

/** Sums of all signs; the other operations where they rise or fall steadily, else only what is always so. */
function binary(
  { op, left, right }: Extract<ConstraintExpression, { kind: 'binary' }>,
  analysis: Analysis,
  facts: Facts,
  inner: (part: ConstraintExpression) => Bounds,
): Bounds {
  const a = inner(left);
  const b = inner(right);
  const first = analysis.facts(left);
  const second = analysis.facts(right);
  // Brackets matter where a sum or product is rounded.
  if (op === '+') return facts.whole ? joined(add, a, b) : bySides(add, a, b);
  if (op === '-') {
    return { low: (s) => a.low(s) - b.high(s), high: (s) => a.high(s) - b.low(s) };
  }
  const positive = first.low >= 0 && second.low > 0;
  if (op === '*' && first.low >= 0 && second.low >= 0) {
    return facts.whole ? joined(multiply, a, b) : bySides(multiply, a, b);
  }
  if (op === '/' && positive) {
    return { low: (s) => a.low(s) / b.high(s), high: (s) => a.high(s) / b.low(s) };
  }
  if (op === '//' && positive) {
    return { low: (s) => quotient(a.low(s), b.high(s)), high: (s) => quotient(a.high(s), b.low(s)) };
  }
  if (op === '%' && positive) {
    return { low: () => 0, high: (s) => Math.min(a.high(s), b.high(s)) };
  }
  if (op === '**' && first.whole && second.whole && first.low >= 1 && second.low >= 0) {
    return { low: (s) => power(a.low(s), b.low(s)), high: (s) => power(a.high(s), b.high(s)) };
  }
  return fixed(facts);
}

/** 1 where a comparison must hold, 0 where it cannot. */
function comparison(
  { first, rest }: Extract<ConstraintExpression, { kind: 'compare' }>,
  analysis: Analysis,
  facts: Facts,
  inner: (part: ConstraintExpression) => Bounds,
): Bounds {
  const [{ op, operand }] = rest;
  const comparable = analysis.facts(first).numeric && analysis.facts(operand).numeric;
  if (rest.length > 1 || !comparable || op === 'in' || op === 'not in') return fixed(facts);
  const a = inner(first);
  const b = inner(operand);
  const below = (x: Side, y: Side) => (s: readonly PythonValue[]) => Number(x(s) < y(s));
  const upTo = (x: Side, y: Side) => (s: readonly PythonValue[]) => Number(x(s) <= y(s));
  const same = (s: readonly PythonValue[]) =>
    Number(a.low(s) === a.high(s) && b.low(s) === b.high(s) && a.low(s) === b.low(s));
  const meet = (s: readonly PythonValue[]) => Number(a.low(s) <= b.high(s) && b.low(s) <= a.high(s));
  switch (op) {
    case '<':
      return { low: below(a.high, b.low), high: below(a.low, b.high) };
    case '<=':
      return { low: upTo(a.high, b.low), high: upTo(a.low, b.high) };
    case '>':
      return { low: below(b.high, a.low), high: below(b.low, a.high) };
    case '>=':
      return { low: upTo(b.high, a.low), high: upTo(b.low, a.high) };
    case '==':
      return { low: same, high: meet };
    case '!=':
      return { low: (s) => 1 - meet(s), high: (s) => 1 - same(s) };
  }
}
