import type { ConstraintExpression } from '../constraint.ts';
import { compile, type Evaluate } from '../evaluate.ts';
import { partsOf, sizeOf } from '../expression-parts.ts';
import type { PythonValue } from '../python-arithmetic.ts';
import type { Analysis } from './analysis.ts';
import { type Bounds, compileBounds } from './bounds.ts';
import { ChoiceSets } from './choice-sets.ts';
import { Closing } from './closing.ts';
import type { DecisionOrder } from './decision-order.ts';
import type { WorkMeter } from './meter.ts';
import { bothNeeds, type Need, Representatives } from './need.ts';
import { NeedFinder } from './needs.ts';
import { ValueSets } from './value-sets.ts';

/**
 * How one parameter is decided. A state is a row of slots: the bits of constraints that hold whatever is
 * yet to come; then the values of the largest known parts of constraints with two or more open
 * parameters; then, for open parameters that known ones narrow, the number of the set of choices left.
 * While a level is worked on, the slots behind the state hold the parameter's own value, the parts that
 * are known with it, and the sets of the next state.
 */
export type Level = Readonly<{
  place: number;
  /** Slots of a state before this level. */
  width: number;
  /** Steps that trying one value takes, about. */
  effort: number;
  /** This parameter's choices: the slot of the set that is left, or −1 for all. */
  own: Readonly<{ from: number; choices: ChoiceSets }>;
  /** Parts that were known before and are still needed. */
  carried: readonly Readonly<{ slot: number; unless: number; representatives: FindRepresentatives }>[];
  /** Parts that become known: each is worked out into the next slot, unless all bits of `unless` are set. */
  parts: readonly Readonly<{
    evaluate: Evaluate;
    unless: number;
    representatives: FindRepresentatives;
  }>[];
  /** The sets of the next state: the slot each comes from, or −1 for all choices, and where they are looked up. */
  sets: readonly Readonly<{ from: number; choices: ChoiceSets }>[];
  /** Constraints that keep two or more open parameters but know more. */
  outlooks: readonly Readonly<{ bit: number; provable: boolean; bounds: Bounds }>[];
  /** Constraints with one open parameter left; `set` counts in `sets`. */
  closings: readonly Readonly<{ bit: number; set: number; closing: Closing }>[];
  /** What the next state remembers: a slot, unless all bits of `unless` are set. */
  memory: readonly Readonly<{ slot: number; unless: number }>[];
  /** The bits of constraints that keep two or more open parameters. */
  openBits: number;
}>;

/** Finds what stands one value of a part for all that no constraint tells apart; undefined where each counts. */
type FindRepresentatives = () => Representatives | undefined;

/** A group of parameters whose constraints are arranged for the order in which they are decided. */
export type Group = Readonly<{
  order: DecisionOrder;
  constraints: readonly ConstraintExpression[];
  /** The values of each parameter, by place. */
  operandsAt: readonly (readonly PythonValue[])[];
  analysis: Analysis;
  meter: WorkMeter;
}>;

/** Plans the levels of a group. */
export function planLevels(group: Group): readonly Level[] {
  const planner = new Planner(group);
  return group.order.places.map((_, level) => planner.plan(level));
}

/** A constraint, and the levels that matter: of its first parameter, of the last but one, of the last. */
type Tie = Readonly<{
  expression: ConstraintExpression;
  /** How many parts it has. */
  size: number;
  levels: ReadonlySet<number>;
  first: number;
  closed: number;
  last: number;
  bit: number;
}>;

/** Parts of constraints, each with the bits that must all be set for it to be worthless. */
type Parts = ReadonlyMap<ConstraintExpression, number>;

/** What no bits make worthless. */
const NEVER = -1;

/** Goes from level to level, and knows what the state before the next one holds. */
class Planner {
  readonly #group: Group;
  readonly #ties: readonly Tie[];
  readonly #choices = new Map<number, ChoiceSets>();
  readonly #needs = new Map<ConstraintExpression, ReadonlyMap<ConstraintExpression, Need>>();
  readonly #needFinder: NeedFinder;
  #remembered: readonly ConstraintExpression[] = [];
  #narrowed: readonly number[] = [];

  constructor(group: Group) {
    this.#group = group;
    const { analysis, meter } = group;
    this.#needFinder = new NeedFinder(analysis, new ValueSets(analysis, meter), meter);
    this.#ties = group.constraints.map((expression, i) => tieOf(expression, i, group.order));
  }

  plan(level: number): Level {
    const { places } = this.#group.order;
    const place = places[level];
    const width = 1 + this.#remembered.length + this.#narrowed.length;
    const open = this.#ties.filter(({ first, closed }) => first <= level && level < closed);
    const closing = this.#ties.filter(({ closed }) => closed === level);
    const kept = this.#knownParts(open, level);
    const needed = this.#knownParts([...open, ...closing], level);
    const before = new Map(this.#remembered.map((part, i) => [part, i + 1]));
    const fresh = [...needed].filter(([part]) => !before.has(part));
    const representatives = (part: ConstraintExpression) => () =>
      this.#representatives(part, [...open, ...closing]);
    const slots = new Map([...before, ...fresh.map(([part], i) => [part, width + 1 + i] as const)]);
    const sets = this.#setsAfter(level, closing);
    const viewed = open.filter(({ levels }) => levels.has(level));
    const views = viewed.reduce((sum, { size }) => sum + 1 + size / 8, 0);
    const isPlace = (part: ConstraintExpression) =>
      part.kind === 'name' && this.#group.analysis.domain(part.name)?.place === place;
    const planned: Level = {
      place,
      width,
      effort: 1 + fresh.length + views + closing.length,
      own: this.#setOf(place),
      carried: [...needed].flatMap(([part, unless]) => {
        const slot = before.get(part);
        return slot === undefined ? [] : { slot, unless, representatives: representatives(part) };
      }),
      parts: fresh.map(([part, unless]) => ({
        evaluate: compile(part, (inner) => before.get(inner) ?? (isPlace(inner) ? width : undefined)),
        unless,
        representatives: representatives(part),
      })),
      sets: sets.map((narrowed) => this.#setOf(narrowed)),
      outlooks: viewed.map(({ expression, bit }) => ({
        bit,
        provable: bit !== 0 && this.#group.analysis.facts(expression).safe,
        bounds: this.#boundsOf(expression, level, slots),
      })),
      closings: closing.map((tie) => ({
        bit: tie.bit,
        set: sets.indexOf(places[tie.last]),
        closing: this.#closingOf(tie, level, slots),
      })),
      memory: [...kept].map(([part, unless]) => ({ slot: slots.get(part) ?? -1, unless })),
      openBits: open.reduce((bits, { bit }) => bits | bit, 0),
    };
    this.#remembered = [...kept.keys()];
    this.#narrowed = sets;
    return planned;
  }

  #representatives(part: ConstraintExpression, ties: readonly Tie[]): Representatives | undefined {
    const needs = ties.flatMap(({ expression }) => this.#needsIn(expression).get(part) ?? []);
    const need = needs.reduce(bothNeeds);
    return need === 'value' ? undefined : new Representatives(need, this.#group.meter);
  }

  #needsIn(constraint: ConstraintExpression): ReadonlyMap<ConstraintExpression, Need> {
    const known = this.#needs.get(constraint) ?? this.#needFinder.find(constraint);
    this.#needs.set(constraint, known);
    return known;
  }

  #choicesAt(place: number): ChoiceSets {
    const known =
      this.#choices.get(place) ?? new ChoiceSets(this.#group.operandsAt[place].length, this.#group.meter);
    this.#choices.set(place, known);
    return known;
  }

  #setOf(place: number): Level['own'] {
    const at = this.#narrowed.indexOf(place);
    return { from: at < 0 ? -1 : 1 + this.#remembered.length + at, choices: this.#choicesAt(place) };
  }

  /** The open parameters that known ones narrow, after a level. */
  #setsAfter(level: number, closing: readonly Tie[]): readonly number[] {
    const { places } = this.#group.order;
    const narrowed = [...this.#narrowed, ...closing.map(({ last }) => places[last])];
    return [...new Set(narrowed)].filter((place) => place !== places[level]);
  }

  #boundsOf(
    expression: ConstraintExpression,
    level: number,
    slots: ReadonlyMap<ConstraintExpression, number>,
  ) {
    const { order, analysis } = this.#group;
    return compileBounds(expression, {
      isKnown: (part) => order.lastLevel(part) <= level,
      isOpen: (part) => order.firstLevel(part) > level,
      slotOf: (part) => slots.get(part),
      analysis,
    });
  }

  #closingOf(
    { expression, last }: Tie,
    level: number,
    slots: ReadonlyMap<ConstraintExpression, number>,
  ): Closing {
    const { order, operandsAt, analysis, meter } = this.#group;
    const place = order.places[last];
    const parts = [...this.#knownParts([{ expression, bit: 0 }], level).keys()];
    const prospect = {
      expression,
      place,
      operands: operandsAt[place],
      sets: this.#choicesAt(place),
      parts,
      slots: parts.map((part) => slots.get(part) ?? -1),
      bounds: () => this.#boundsOf(expression, level, slots),
    };
    return new Closing(prospect, analysis, meter);
  }

  /** The largest parts of constraints that are known after a level. */
  #knownParts(ties: readonly Pick<Tie, 'expression' | 'bit'>[], level: number): Parts {
    const { order, analysis, meter } = this.#group;
    const parts = new Map<ConstraintExpression, number>();
    const collect = (part: ConstraintExpression, bit: number) => {
      meter.spend(1);
      if (part.kind === 'constant') return;
      if (part.kind === 'list' || order.lastLevel(part) > level) {
        for (const inner of partsOf(part)) collect(inner, bit);
        return;
      }
      if (analysis.facts(part).variables.length === 0) return;
      // A constraint without a bit is never settled early: no bits make worthless what it needs.
      const known = parts.get(part) ?? 0;
      parts.set(part, bit === 0 || known === NEVER ? NEVER : known | bit);
    };
    for (const { expression, bit } of ties) collect(expression, bit);
    return parts;
  }
}

function tieOf(expression: ConstraintExpression, number: number, order: DecisionOrder): Tie {
  const levels = [...order.levelsOf(expression)].sort((a, b) => a - b);
  return {
    expression,
    size: sizeOf(expression),
    levels: new Set(levels),
    first: levels[0],
    closed: levels[levels.length - 2],
    last: levels[levels.length - 1],
    // Only 31 constraints can be settled early; any further ones are kept until they close.
    bit: number < 31 ? 1 << number : 0,
  };
}
