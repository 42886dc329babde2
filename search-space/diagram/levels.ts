import type { ConstraintExpression } from '../constraint.ts';
import { compile, type Evaluate, type SlotOf } from '../evaluate.ts';
import { partsOf } from '../expression-parts.ts';
import type { Analysis } from './analysis.ts';
import { lastLevel } from './arrange.ts';
import { type Bounds, compileBounds } from './bounds.ts';

/**
 * How one parameter is decided. A state is [settled, value, value, …]: the bits of constraints that
 * hold whatever is yet to come, then the values of the largest known parts of the open ones. While a
 * level is worked on, the slot behind the state holds the parameter's own value.
 */
export type Level = Readonly<{
  place: number;
  /** Operands of a state before this level, `settled` included. */
  width: number;
  /** Constraints that this parameter completes. */
  checks: readonly Readonly<{ bit: number; test: Evaluate }>[];
  /** Constraints that stay open but know more. */
  outlooks: readonly Readonly<{ bit: number; provable: boolean; bounds: Bounds }>[];
  /** What the next state remembers, and the settled bits that make it worthless. */
  memory: readonly Readonly<{ evaluate: Evaluate; neededUnless: number }>[];
  /** The settled bits of constraints that are still open afterwards. */
  openBits: number;
}>;

type Open = Readonly<{ expression: ConstraintExpression; first: number; last: number; bit: number }>;

/** Plans the levels of a group whose constraints are arranged for the order given. */
export function planLevels(
  order: readonly number[],
  levelOf: readonly number[],
  constraints: readonly ConstraintExpression[],
  analysis: Analysis,
): readonly Level[] {
  const open = constraints.map((expression, i): Open => {
    const levels = analysis.facts(expression).variables.map((place) => levelOf[place]);
    // Only 31 constraints can be settled early; any further ones are checked when complete.
    return { expression, first: Math.min(...levels), last: Math.max(...levels), bit: i < 31 ? 1 << i : 0 };
  });
  let remembered: readonly ConstraintExpression[] = [];
  return order.map((place, level) => {
    const next = memoryAfter(level, open, levelOf, analysis);
    const planned = planLevel(place, level, open, remembered, next, levelOf, analysis);
    remembered = [...next.keys()];
    return planned;
  });
}

function planLevel(
  place: number,
  level: number,
  open: readonly Open[],
  remembered: readonly ConstraintExpression[],
  next: ReadonlyMap<ConstraintExpression, number>,
  levelOf: readonly number[],
  analysis: Analysis,
): Level {
  const width = remembered.length + 1;
  const slots = new Map(remembered.map((part, i) => [part, i + 1]));
  const slotOf: SlotOf = (part) => slots.get(part) ?? (isPlace(part, place, analysis) ? width : undefined);
  const touched = open.filter(({ expression }) => analysis.facts(expression).variables.includes(place));
  const isKnown = (part: ConstraintExpression) => lastLevel(part, levelOf, analysis) <= level;
  const isOpen = (part: ConstraintExpression) =>
    analysis.facts(part).variables.every((variable) => levelOf[variable] > level);
  return {
    place,
    width,
    checks: touched
      .filter(({ last }) => last === level)
      .map(({ expression, bit }) => ({ bit, test: compile(expression, slotOf) })),
    outlooks: touched
      .filter(({ last }) => last > level)
      .map(({ expression, bit }) => ({
        bit,
        provable: bit !== 0 && analysis.facts(expression).safe,
        bounds: compileBounds(expression, isKnown, isOpen, slotOf, analysis),
      })),
    memory: [...next].map(([part, neededUnless]) => ({ evaluate: compile(part, slotOf), neededUnless })),
    openBits: open.filter(({ last }) => last > level).reduce((bits, { bit }) => bits | bit, 0),
  };
}

function isPlace(part: ConstraintExpression, place: number, analysis: Analysis): boolean {
  return part.kind === 'name' && analysis.domain(part.name)?.place === place;
}

/** The largest known parts of open constraints, each with the bits that must all be settled to forget it. */
function memoryAfter(
  level: number,
  open: readonly Open[],
  levelOf: readonly number[],
  analysis: Analysis,
): ReadonlyMap<ConstraintExpression, number> {
  const memory = new Map<ConstraintExpression, number>();
  const collect = (part: ConstraintExpression, bit: number) => {
    if (part.kind === 'constant') return;
    if (part.kind === 'list' || lastLevel(part, levelOf, analysis) > level) {
      for (const inner of partsOf(part)) collect(inner, bit);
      return;
    }
    if (analysis.facts(part).variables.length === 0) return;
    // A constraint without a bit is never settled early: no mask forgets what it needs.
    const known = memory.get(part) ?? 0;
    memory.set(part, bit === 0 || known === -1 ? -1 : known | bit);
  };
  for (const { expression, first, last, bit } of open) {
    if (first <= level && last > level) collect(expression, bit);
  }
  return memory;
}
