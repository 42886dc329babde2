import type { ConstraintExpression } from '../constraint.ts';
import { compile, type SlotOf } from '../evaluate.ts';
import type { Operand } from '../python-arithmetic.ts';
import { floorDivide, power } from '../python-arithmetic.ts';
import type { Analysis } from './analysis.ts';
import type { Facts } from './facts.ts';

type Side = (slots: readonly Operand[]) => number;

/** The least and the greatest value an expression can still take, while some parameters are open. */
export type Bounds = Readonly<{ low: Side; high: Side }>;

/**
 * Compiles bounds of a half-known expression: known parts are exact (from their slots), open
 * parameters range over their domains. Where an expression would fail the bounds mean nothing.
 */
export function compileBounds(
  expression: ConstraintExpression,
  isKnown: (part: ConstraintExpression) => boolean,
  isOpen: (part: ConstraintExpression) => boolean,
  slotOf: SlotOf,
  analysis: Analysis,
): Bounds {
  const facts = analysis.facts(expression);
  if (!facts.numeric || isOpen(expression)) return fixed(facts);
  if (isKnown(expression)) {
    const exact = asNumber(compile(expression, slotOf));
    return { low: exact, high: exact };
  }
  const inner = (part: ConstraintExpression) => compileBounds(part, isKnown, isOpen, slotOf, analysis);
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

function asNumber(evaluate: (slots: readonly Operand[]) => Operand): Side {
  return (slots) => {
    const value = evaluate(slots);
    return typeof value === 'number' ? value : Number.NaN;
  };
}

function fixed({ low, high }: Facts): Bounds {
  return { low: () => low, high: () => high };
}

function unary(op: '-' | '+' | 'not', operand: Bounds): Bounds {
  const { low, high } = operand;
  if (op === '+') return operand;
  if (op === '-') return { low: (slots) => -high(slots), high: (slots) => -low(slots) };
  return { low: (slots) => 1 - high(slots), high: (slots) => 1 - low(slots) };
}

function picked(pick: (a: number, b: number) => number, all: readonly Bounds[]): Bounds {
  return all.reduce((a, b) => ({
    low: (slots) => pick(a.low(slots), b.low(slots)),
    high: (slots) => pick(a.high(slots), b.high(slots)),
  }));
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
  if (op === '+') {
    return { low: (s) => a.low(s) + b.low(s), high: (s) => a.high(s) + b.high(s) };
  }
  if (op === '-') {
    return { low: (s) => a.low(s) - b.high(s), high: (s) => a.high(s) - b.low(s) };
  }
  const positive = first.low >= 0 && second.low > 0;
  if (op === '*' && first.low >= 0 && second.low >= 0) {
    return { low: (s) => a.low(s) * b.low(s), high: (s) => a.high(s) * b.high(s) };
  }
  if (op === '/' && positive) {
    return { low: (s) => a.low(s) / b.high(s), high: (s) => a.high(s) / b.low(s) };
  }
  if (op === '//' && positive) {
    return { low: (s) => floorDivide(a.low(s), b.high(s)), high: (s) => floorDivide(a.high(s), b.low(s)) };
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
  const below = (x: Side, y: Side) => (s: readonly Operand[]) => Number(x(s) < y(s));
  const upTo = (x: Side, y: Side) => (s: readonly Operand[]) => Number(x(s) <= y(s));
  const same = (s: readonly Operand[]) =>
    Number(a.low(s) === a.high(s) && b.low(s) === b.high(s) && a.low(s) === b.low(s));
  const meet = (s: readonly Operand[]) => Number(a.low(s) <= b.high(s) && b.low(s) <= a.high(s));
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
